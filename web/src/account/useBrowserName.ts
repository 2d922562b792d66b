import { useTranslation } from "react-i18next";

interface Kind {
  browser: string | null;
  system: string | null;
}

/** What a kind of browser is called, with the system that it runs on. */
export function useBrowserName(): (kind: Kind) => string {
  const { t } = useTranslation("account");
  return ({ browser, system }) => {
    const known = browser && t(`account.browsers.${browser}`, { defaultValue: browser });
    if (known && system) return t("account.browserOn", { browser: known, system });
    return known ?? system ?? t("account.unknownBrowser");
  };
}
