import { useEffect, useState } from "react";
import type { Line } from "./highlighter";

interface HighlightedCodeProps {
  code: string;
  language: string;
}

/** Code in colours. The highlighter and the language's grammar are fetched when they are first needed. */
export function HighlightedCode({ code, language }: HighlightedCodeProps) {
  const [lines, setLines] = useState<Line[] | null>(null);

  useEffect(() => {
    let current = true;
    setLines(null);
    import("./highlighter")
      .then(({ highlight }) => highlight(code, language))
      .then((result) => current && setLines(result));
    return () => {
      current = false;
    };
  }, [code, language]);

  if (!lines) return code;
  return lines.map((line, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity.
    <span key={row}>
      {line.map((token, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nor have tokens.
        <span key={column} style={token.style}>
          {token.text}
        </span>
      ))}
      {row < lines.length - 1 && "\n"}
    </span>
  ));
}
