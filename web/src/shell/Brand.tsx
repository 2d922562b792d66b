import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

export function Brand() {
  const { t } = useTranslation();
  return (
    <Link
      to="/"
      className="inline-flex items-center gap-2.5 rounded-control font-serif text-22 font-semibold"
    >
      <span aria-hidden="true" className="flex items-center gap-1">
        <span className="size-3 rounded-full bg-clay" />
        <span className="size-3 rounded-[2px] bg-sea" />
      </span>
      {t("name")}
    </Link>
  );
}
