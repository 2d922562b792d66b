import { useTranslation } from "react-i18next";
import { Icon } from "../../ui/Icon";

interface ReasoningProps {
  text: string;
  thinking: boolean;
}

/** What a model thought before it answered, folded away: only the answer is judged. */
export function Reasoning({ text, thinking }: ReasoningProps) {
  const { t } = useTranslation();
  return (
    <details className="group mb-3 text-15">
      <summary className="inline-flex min-h-8 cursor-pointer list-none items-center gap-1.5 rounded-control text-13 font-medium text-soft hover:text-ink">
        <Icon name="chevron" size={15} className="-rotate-90 transition-transform group-open:rotate-0" />
        {thinking ? t("answer.thinking") : t("answer.reasoning")}
      </summary>
      <p className="mt-1 max-w-[72ch] border-l-2 border-line pl-3 whitespace-pre-wrap text-soft">{text}</p>
    </details>
  );
}
