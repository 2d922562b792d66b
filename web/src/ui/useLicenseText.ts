import { useTranslation } from "react-i18next";

/** A licence as it is shown: its name, or in the reader's language that there is none to speak of. */
export function useLicenseText(): (license: string | null) => string | null {
  const { t } = useTranslation("page");
  return (license) => (license?.toLowerCase() === "proprietary" ? t("proprietary") : license);
}
