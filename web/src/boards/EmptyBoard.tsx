import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

export function EmptyBoard() {
  const { t } = useTranslation("boards");
  return (
    <section className="mb-10 rounded-card border border-line bg-raised px-6 py-10 text-center shadow-soft">
      <h2 className="font-serif text-22">{t("empty.title")}</h2>
      <p className="mx-auto mt-2 max-w-md text-soft text-pretty">{t("empty.text")}</p>
      <Link
        to="/"
        className="mt-5 inline-flex min-h-11 items-center rounded-control bg-clay px-5 font-medium text-on-accent transition-opacity hover:opacity-90"
      >
        {t("empty.vote")}
      </Link>
    </section>
  );
}
