/** What is said in place of what would only be spelled out. */
export interface Instead {
  formula: string;
  code: (language: string) => string;
}

const SILENT = "button, svg, sup, details, [aria-hidden=true], .sr-only, [data-footnotes]";
const BLOCK = "p, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, table, tr, hr, div, section";

/**
 * What is read out of an answer: what the page shows of it, block by block, so that no Markdown is left. Formulas and
 * blocks of code are announced, not spelled.
 */
export function spokenText(answer: Element, instead: Instead): string[] {
  const said: string[] = [];
  let words = "";
  const endBlock = () => {
    const text = words.replace(/\s+/g, " ").trim();
    if (/[\p{L}\p{N}]/u.test(text)) said.push(text);
    words = "";
  };
  const hear = (node: Node) => {
    if (node.nodeType === Node.TEXT_NODE) words += node.nodeValue;
    if (!(node instanceof Element) || node.matches(SILENT)) return;
    if (node.matches(".katex-display, figure")) {
      endBlock();
      said.push(node.matches("figure") ? instead.code(codeLanguage(node)) : instead.formula);
      return;
    }
    if (node.matches(".katex")) {
      words += ` ${instead.formula} `;
      return;
    }
    const block = node.matches(BLOCK);
    if (block) endBlock();
    words += numberOf(node);
    for (const child of node.childNodes) hear(child);
    if (node.matches("td, th") && node.nextElementSibling) words += ", ";
    if (node.matches("br")) words += " ";
    if (block) endBlock();
  };
  hear(answer);
  endBlock();
  return said;
}

/** The language of a block of code, where its fence named one. */
const codeLanguage = (figure: Element): string => figure.getAttribute("data-language") ?? "";

/** What stands before an item of a numbered list. */
function numberOf(node: Element): string {
  const list = node.parentElement;
  if (!node.matches("li") || !(list instanceof HTMLOListElement)) return "";
  return `${(list.start || 1) + [...list.children].indexOf(node)}. `;
}

const LONGEST = 160;
const LONGEST_DENSE = 60;

/**
 * Blocks in pieces of some seconds each. Some browsers break off in the middle of what takes longer than 15 s, without
 * a word.
 */
export function inPieces(blocks: string[], language: string): string[] {
  const longest = /^(zh|ja|ko)/.test(language) ? LONGEST_DENSE : LONGEST;
  const sentences = new Intl.Segmenter(language, { granularity: "sentence" });
  return blocks.flatMap((block) => {
    const pieces: string[] = [];
    for (const { segment } of sentences.segment(block)) {
      for (const part of segment.length > longest ? segment.split(/(?<=[,;:，；：、—])/) : [segment]) {
        const last = pieces.at(-1);
        if (last !== undefined && last.length + part.length <= longest)
          pieces[pieces.length - 1] = last + part;
        else pieces.push(part);
      }
    }
    return pieces.map((piece) => piece.trim()).filter(Boolean);
  });
}
