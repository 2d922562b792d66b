import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Quota } from "../api/types";
import { pause, regional } from "../i18n/language";

const LINK = "underline underline-offset-2 hover:text-ink";

interface QuotaLeftProps {
  /** Those of which little is left. */
  quotas: Quota[];
}

/** What is left of the day's tokens, when it returns, and what can be done until then. */
export default function QuotaLeft({ quotas }: QuotaLeftProps) {
  const { t, i18n } = useTranslation("consent");
  return (
    <div role="status" className="px-1 text-13 text-soft tabular-nums *:mt-1" data-testid="quota-left">
      {quotas.map(({ price_class, left, limit, back_at, more_signed_in }) => {
        const time = new Date(back_at).toLocaleTimeString(regional(i18n.language), { timeStyle: "short" });
        const models = t(`quota.models.${price_class}`);
        return (
          <p key={price_class}>
            {left > 0
              ? t("quota.left", { percent: Math.ceil((100 * left) / limit), models, time })
              : t("quota.none", { models, time })}
            {pause(i18n.language)}
            {more_signed_in && (
              <Link to="/sign-in" className={LINK}>
                {t("quota.signIn")}
              </Link>
            )}{" "}
            {left === 0 && price_class !== "free" && (
              <Link to="/" search={{ mode: "direct" }} className={LINK}>
                {t("quota.cheaper")}
              </Link>
            )}
          </p>
        );
      })}
    </div>
  );
}
