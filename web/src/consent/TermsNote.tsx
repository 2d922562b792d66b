import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Instance } from "../api/types";
import { pause } from "../i18n/language";

interface TermsNoteProps {
  /** What is still to be agreed to; without it there is a reminder. */
  terms?: Instance["terms"];
}

/** Above the input: what asking agrees to, and where it stands whole. */
export function TermsNote({ terms }: TermsNoteProps) {
  const { t, i18n } = useTranslation();
  const between = pause(i18n.language);
  return (
    <p className="mb-2 px-1 text-13 text-soft text-pretty" data-testid={terms ? "terms" : "reminder"}>
      {terms ? `${terms.short[i18n.language]}${between}${t("terms.agree")}` : t("terms.reminder")}
      {between}
      <Link to="/privacy" className="underline underline-offset-2 hover:text-ink">
        {t("terms.whole")}
      </Link>
    </p>
  );
}
