import { useTranslation } from "react-i18next";

/** Marks the side that the reader voted for. */
export function ChosenMark() {
  const { t } = useTranslation();
  return (
    <span className="ml-auto rounded-full bg-ink/7 px-2.5 py-0.5 text-13 font-medium whitespace-nowrap">
      {t("reveal.chosen")}
    </span>
  );
}
