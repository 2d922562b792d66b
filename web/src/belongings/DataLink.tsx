import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** The way to what one can take along or delete. */
export function DataLink({ className }: { className: string }) {
  const { t } = useTranslation("data");
  return (
    <Link to="/your-data" data-testid="your-data" className={className}>
      {t("data.title")}
    </Link>
  );
}
