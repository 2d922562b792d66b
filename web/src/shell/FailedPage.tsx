import { useTranslation } from "react-i18next";
import { useTitle } from "../app/useTitle";
import { Button } from "../ui/Button";
import { TopBar } from "./TopBar";

/** What stands in place of a page that could not be fetched (the arena may have been renewed meanwhile) or drawn. */
export function FailedPage() {
  const { t } = useTranslation();
  useTitle(t("failed.title"));
  return (
    <>
      <TopBar />
      <div className="mx-auto max-w-xl px-6 py-24" role="alert" data-testid="failed-page">
        <h1 className="font-serif text-30 font-semibold">{t("failed.title")}</h1>
        <p className="mt-3 text-soft">{t("failed.text")}</p>
        <Button kind="main" className="mt-6" onClick={() => window.location.reload()}>
          {t("failed.reload")}
        </Button>
      </div>
    </>
  );
}
