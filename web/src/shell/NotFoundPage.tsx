import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTitle } from "../app/useTitle";
import { LINK } from "../ui/link";
import { TopBar } from "./TopBar";

export function NotFoundPage() {
  const { t } = useTranslation();
  useTitle(t("notFound.title"));
  return (
    <>
      <TopBar />
      <div className="mx-auto max-w-xl px-6 py-24">
        <h1 className="font-serif text-30 font-semibold">{t("notFound.title")}</h1>
        <p className="mt-3 text-soft">{t("notFound.text")}</p>
        <Link to="/" className={`mt-6 inline-block ${LINK}`}>
          {t("shell.newChat")}
        </Link>
      </div>
    </>
  );
}
