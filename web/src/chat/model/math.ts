/**
 * Formulas in answers come with four kinds of delimiters; the Markdown reader knows one (`$$`, inline or on
 * lines of its own). Dollars that are money stay money.
 */

interface Found {
  /** Where the formula ends in the text, behind its closing delimiter; null while it is not closed. */
  end: number | null;
  body: string;
  display: boolean;
}

const CODE = /^(?:(`+)[\s\S]*?(?<!`)\1(?!`)|(`+))/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const BLANK_LINE = /\n[ \t]*\n/;

/**
 * `text` with every formula's delimiters turned into `$$`.
 *
 * While an answer streams, `holdBack` leaves out a formula whose end has not come yet: half a formula is
 * noise, and would be drawn anew with every word.
 */
export function normaliseMath(text: string, holdBack = false): string {
  if (!/[$\\]/.test(text)) return text;
  let out = "";
  let at = 0;
  while (at < text.length) {
    const code = codeAt(text, at);
    if (code > 0) {
      out += text.slice(at, at + code);
      at += code;
      continue;
    }
    const found = formulaAt(text, at);
    if (found?.end != null) {
      out += found.display ? displayed(found.body, text, at, found.end) : `$$${found.body.trim()}$$`;
      at = found.end;
    } else if (found && holdBack) {
      return out;
    } else {
      const step = text[at] === "\\" ? 2 : 1;
      out += text.slice(at, at + step);
      at += step;
    }
  }
  return out;
}

/** Whether a normalised text has a formula, so that the typesetter is worth fetching. */
export const hasMath = (normalised: string): boolean => normalised.includes("$$");

function codeAt(text: string, at: number): number {
  if (isLineStart(text, at)) {
    const fence = FENCE.exec(text.slice(at, at + 200))?.[1];
    if (fence) {
      const close = new RegExp(`\\n {0,3}${fence[0] === "~" ? "~" : "`"}{${fence.length},}[ \\t]*(?=\\n|$)`);
      const rest = text.slice(at);
      const match = close.exec(rest);
      return match ? match.index + match[0].length : rest.length;
    }
  }
  if (text[at] !== "`") return 0;
  return CODE.exec(text.slice(at))?.[0].length ?? 0;
}

const isLineStart = (text: string, at: number) => at === 0 || text[at - 1] === "\n";

function formulaAt(text: string, at: number): Found | null {
  if (text.startsWith("\\[", at)) return closedBy(text, at + 2, "\\]", true);
  if (text.startsWith("\\(", at)) return closedBy(text, at + 2, "\\)", false);
  if (text.startsWith("$$", at)) return closedBy(text, at + 2, "$$", true);
  if (text[at] === "$") return singleDollar(text, at);
  return null;
}

function closedBy(text: string, start: number, close: string, display: boolean): Found | null {
  const index = text.indexOf(close, start);
  const body = index < 0 ? text.slice(start) : text.slice(start, index);
  if (BLANK_LINE.test(body) || (index >= 0 && body.trim() === "")) return null;
  return { end: index < 0 ? null : index + close.length, body, display };
}

/**
 * The rule of Pandoc: no space inside either dollar, no digit after the closing one, all within a line.
 * "$5 and $10" has a space before its second dollar, so it is money.
 */
function singleDollar(text: string, at: number): Found | null {
  const match = /^\$(?![\s$])((?:\\.|[^$\\\n])*?)(?<!\s)\$(?![\d$])/.exec(text.slice(at, at + 1000));
  return match?.[1] ? { end: at + match[0].length, body: match[1], display: false } : null;
}

/** A displayed formula on lines of its own, within the list item or quotation that it stands in. */
function displayed(body: string, text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const before = text.slice(lineStart, start);
  const [, quote = "", marker = ""] = /^(\s*(?:>\s?)*)((?:[-*+]|\d+[.)])\s+)?/.exec(before) ?? [];
  const margin = quote + " ".repeat(marker.length);
  const lines = body.trim().split("\n");
  const block = ["$$", ...lines.map((line) => line.trim()), "$$"].join(`\n${margin}`);
  const opening = before.trim() === "" || before === quote + marker ? "" : `\n${margin}`;
  const rest = /^[ \t]*(\n|$)/.test(text.slice(end, end + 100));
  return opening + block + (rest ? "" : `\n${margin}`);
}
