import { lazy } from "react";
import { Fetched } from "../../ui/Fetched";

const loadMarkdown = () => import("./Markdown");
const Markdown = lazy(loadMarkdown);

/** Fetches what draws an answer before there is one. */
export function prepareAnswers(): void {
  // Where it cannot be had, the answer will ask for it itself.
  loadMarkdown().catch(() => {});
}

interface AnswerTextProps {
  text: string;
  streaming: boolean;
}

/** An answer's text; as plain text until what draws it is there. */
export function AnswerText({ text, streaming }: AnswerTextProps) {
  return (
    <Fetched instead={<p className="max-w-[72ch] whitespace-pre-wrap">{text}</p>}>
      <Markdown text={text} streaming={streaming} />
    </Fetched>
  );
}
