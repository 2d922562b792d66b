import { cjk } from "@streamdown/cjk";
import { useMemo } from "react";
import { type Components, Streamdown } from "streamdown";
import { hasMath, normaliseMath } from "../model/math";
import { AnswerImage } from "./AnswerImage";
import { AnswerLink } from "./AnswerLink";
import { CodeBlock } from "./CodeBlock";
import { ScrollingTable } from "./ScrollingTable";
import { useMathPlugin } from "./useMathPlugin";
import "./markdown.css";

// Plain elements, dressed by markdown.css: the renderer's own are dressed for another design system.
const PLAIN = [
  ..."h1 h2 h3 h4 h5 h6 p ul ol li blockquote hr strong em del thead tbody tr th td sup section".split(" "),
].map((tag) => [tag, tag]);

const COMPONENTS: Components = {
  ...Object.fromEntries(PLAIN),
  a: AnswerLink,
  img: AnswerImage,
  pre: CodeBlock,
  code: "code",
  inlineCode: "code",
  table: ScrollingTable,
};

// Without the plugin that reads raw HTML it comes out as the text it is.
const NO_RAW_HTML: [] = [];

interface MarkdownProps {
  text: string;
  /** While it streams, what is not finished is closed for the moment. */
  streaming: boolean;
}

/** An answer's Markdown, drawn. Fetches nothing from anywhere and runs nothing. */
export default function Markdown({ text, streaming }: MarkdownProps) {
  const normalised = useMemo(() => normaliseMath(text, streaming), [text, streaming]);
  const math = useMathPlugin(hasMath(normalised));
  return (
    <Streamdown
      className="markdown"
      mode={streaming ? "streaming" : "static"}
      parseIncompleteMarkdown={streaming}
      components={COMPONENTS}
      rehypePlugins={NO_RAW_HTML}
      plugins={math ? { cjk, math } : { cjk }}
      controls={false}
      dir="auto"
    >
      {normalised}
    </Streamdown>
  );
}
