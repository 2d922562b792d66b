import type { CSSProperties } from "react";
import { createHighlighterCore, type HighlighterCore, type LanguageInput } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";

export type Line = { text: string; style: CSSProperties }[];

const LONGEST = 60_000;

// The languages that answers are written in; each is a file of its own. Others stay uncoloured.
const LANGUAGES: Record<string, () => Promise<{ default: LanguageInput }>> = {
  bash: () => import("shiki/langs/bash.mjs"),
  c: () => import("shiki/langs/c.mjs"),
  cpp: () => import("shiki/langs/cpp.mjs"),
  csharp: () => import("shiki/langs/csharp.mjs"),
  css: () => import("shiki/langs/css.mjs"),
  diff: () => import("shiki/langs/diff.mjs"),
  dockerfile: () => import("shiki/langs/dockerfile.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  haskell: () => import("shiki/langs/haskell.mjs"),
  html: () => import("shiki/langs/html.mjs"),
  java: () => import("shiki/langs/java.mjs"),
  javascript: () => import("shiki/langs/javascript.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  jsx: () => import("shiki/langs/jsx.mjs"),
  julia: () => import("shiki/langs/julia.mjs"),
  kotlin: () => import("shiki/langs/kotlin.mjs"),
  latex: () => import("shiki/langs/latex.mjs"),
  lua: () => import("shiki/langs/lua.mjs"),
  markdown: () => import("shiki/langs/markdown.mjs"),
  php: () => import("shiki/langs/php.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  r: () => import("shiki/langs/r.mjs"),
  ruby: () => import("shiki/langs/ruby.mjs"),
  rust: () => import("shiki/langs/rust.mjs"),
  scala: () => import("shiki/langs/scala.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  swift: () => import("shiki/langs/swift.mjs"),
  toml: () => import("shiki/langs/toml.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  typescript: () => import("shiki/langs/typescript.mjs"),
  xml: () => import("shiki/langs/xml.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};

const ALIASES: Record<string, string> = {
  "c++": "cpp",
  cs: "csharp",
  "c#": "csharp",
  docker: "dockerfile",
  golang: "go",
  hs: "haskell",
  js: "javascript",
  md: "markdown",
  py: "python",
  python3: "python",
  rb: "ruby",
  rs: "rust",
  sh: "bash",
  shell: "bash",
  zsh: "bash",
  tex: "latex",
  ts: "typescript",
  yml: "yaml",
};

let starting: Promise<HighlighterCore> | undefined;

function start(): Promise<HighlighterCore> {
  starting ??= createHighlighterCore({
    themes: [
      import("shiki/themes/github-light-high-contrast.mjs"),
      import("shiki/themes/github-dark-high-contrast.mjs"),
    ],
    langs: [],
    // In JavaScript: WebAssembly would need 'unsafe-eval' in the content security policy.
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  return starting;
}

/** Code as lines of coloured tokens, with a colour for either theme; null for what is not known, or too long. */
export async function highlight(code: string, language: string): Promise<Line[] | null> {
  const lower = language.toLowerCase();
  const name = ALIASES[lower] ?? lower;
  const load = LANGUAGES[name];
  if (!load || code.length > LONGEST) return null;
  try {
    const highlighter = await start();
    await highlighter.loadLanguage((await load()).default);
    const { tokens } = highlighter.codeToTokens(code, {
      lang: name,
      themes: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
      defaultColor: false,
    });
    return tokens.map((line) =>
      line.map(({ content, htmlStyle }) => ({ text: content, style: (htmlStyle ?? {}) as CSSProperties })),
    );
  } catch {
    // A grammar that cannot cope leaves the code as it is: readable.
    return null;
  }
}
