import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { isKey } from "../i18n/keys";
import { regional } from "../i18n/language";

/** An error as one sentence that says what happened and what to do, in the reader's language. */
export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    if (!(error instanceof Problem)) return t("problem.failed");
    const { code, detail, limit, retry_after, retry_at } = error.document;
    const key = `problem.${code}`;
    if (!isKey(i18n, key)) return detail ?? t("problem.failed");
    return t(key, {
      limit,
      minutes: Math.max(1, Math.ceil((retry_after ?? 60) / 60)),
      time: retry_at
        ? new Date(retry_at).toLocaleString(regional(i18n.language), {
            timeStyle: "short",
            dateStyle: "short",
          })
        : "",
    });
  };
}
