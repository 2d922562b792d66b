import { type ComponentProps, isValidElement } from "react";
import { useTranslation } from "react-i18next";
import { type ExtraProps, useIsCodeFenceIncomplete } from "streamdown";
import { Icon } from "../../ui/Icon";
import { useCopy } from "../../ui/useCopy";
import { HighlightedCode } from "./HighlightedCode";

/** A block of code with its language and a button to copy it; coloured once it is complete. */
export function CodeBlock({ children }: ComponentProps<"pre"> & ExtraProps) {
  const { t } = useTranslation();
  const { said, icon, copy } = useCopy();
  const incomplete = useIsCodeFenceIncomplete();
  const { code, language } = contentOf(children);
  return (
    <figure className="code" dir="ltr" data-language={language}>
      <figcaption>
        <span>{language || t("answer.code")}</span>
        <button type="button" onClick={() => copy(code)}>
          <Icon name={icon} size={14} />
          {said ?? t("answer.copy")}
        </button>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <pre tabIndex={0}>
        <code>{incomplete ? code : <HighlightedCode code={code} language={language} />}</code>
      </pre>
    </figure>
  );
}

function contentOf(children: unknown): { code: string; language: string } {
  if (!isValidElement<{ className?: string; children?: unknown }>(children))
    return { code: "", language: "" };
  const language = /language-([^\s{]+)/.exec(children.props.className ?? "")?.[1] ?? "";
  return { code: String(children.props.children ?? "").replace(/\n$/, ""), language };
}
