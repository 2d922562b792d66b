import { useTranslation } from "react-i18next";
import type { Operator } from "../api/types";
import { LINK } from "../ui/link";

interface ContactProps {
  operator: Operator;
}

/** Who runs this arena, where they say so. */
export function Contact({ operator: { name, contact } }: ContactProps) {
  const { t } = useTranslation("consent");
  if (!name && !contact) return null;
  return (
    <section className="space-y-1.5">
      <h2 className="font-serif text-22">{t("privacy.operator")}</h2>
      <p className="wrap-anywhere" data-testid="operator">
        {name}
        {name && contact && " · "}
        {contact && (
          <a href={contact.includes("://") ? contact : `mailto:${contact}`} className={LINK}>
            {contact}
          </a>
        )}
      </p>
    </section>
  );
}
