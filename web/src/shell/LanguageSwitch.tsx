import { useTranslation } from "react-i18next";
import { setLanguage } from "../i18n";
import { Icon } from "../ui/Icon";

/** Names the other language in that language, so that whoever needs it can read it. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const next = i18n.language === "zh" ? "en" : "zh";
  return (
    <button
      type="button"
      lang={next}
      data-testid="language-switch"
      onClick={() => setLanguage(next)}
      className="inline-flex h-9 items-center gap-1.5 rounded-control px-2 text-13 font-medium text-soft transition-colors hover:bg-ink/5 hover:text-ink"
    >
      <Icon name="language" size={16} />
      {t("shell.otherLanguage")}
    </button>
  );
}
