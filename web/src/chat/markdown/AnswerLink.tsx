import type { ComponentProps } from "react";
import type { ExtraProps } from "streamdown";

const SAFE = /^(https?:|mailto:)/i;

/** A link out of an answer: to a page of its own, which learns nothing of where it was opened. */
export function AnswerLink({ href, children, id }: ComponentProps<"a"> & ExtraProps) {
  if (href?.startsWith("#")) {
    return (
      <a href={href} id={id}>
        {children}
      </a>
    );
  }
  if (!href || !SAFE.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" title={href}>
      {children}
    </a>
  );
}
