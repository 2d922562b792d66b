import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** The way to what one can take along or delete. */
export function DataLink() {
  const { t } = useTranslation("data");
  return (
    <Link
      to="/your-data"
      data-testid="your-data"
      className="inline-flex h-9 items-center rounded-control px-1 text-15 text-sea underline-offset-4 hover:underline"
    >
      {t("data.title")}
    </Link>
  );
}
