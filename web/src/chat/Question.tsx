import { useTranslation } from "react-i18next";

interface QuestionProps {
  text: string;
}

/** What was asked: quiet, at the right. */
export function Question({ text }: QuestionProps) {
  const { t } = useTranslation();
  return (
    <div className="mb-4 flex justify-end">
      <h2 className="sr-only">{t("chat.question")}</h2>
      <p
        dir="auto"
        className="max-h-60 max-w-[min(44rem,85%)] overflow-y-auto rounded-card bg-ink/5 px-4 py-2.5 text-15 break-words whitespace-pre-wrap"
      >
        {text}
      </p>
    </div>
  );
}
