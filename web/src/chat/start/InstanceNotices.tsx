import { useTranslation } from "react-i18next";
import type { Notice as NoticeCode } from "../../api/types";
import { Notice } from "../../ui/Notice";
import { WithCode } from "../../ui/WithCode";

interface InstanceNoticesProps {
  codes: NoticeCode[];
}

const TONES = {
  paused: "care",
  no_contestants: "care",
  one_contestant: "care",
  demo_models_coming: "info",
  demo_models: "info",
} as const satisfies Record<NoticeCode, "care" | "info">;

const TEACHES_ADDING: NoticeCode[] = ["no_contestants", "one_contestant", "demo_models"];

/** What a visitor, or whoever set the arena up, should know first. */
export default function InstanceNotices({ codes }: InstanceNoticesProps) {
  const { t } = useTranslation();
  const known = codes.filter((code) => code in TONES);
  // Once is enough: with one model or none, that these are demo models matters less.
  const teacher = known.find((code) => TEACHES_ADDING.includes(code));
  return known
    .filter((code) => code === "paused" || code === "demo_models_coming" || code === teacher)
    .map((code) => (
      <Notice key={code} tone={TONES[code]} title={t(`notice.${code}.title`)} testId="notice">
        <p>{t(`notice.${code}.text`)}</p>
        {code === teacher && (
          <details className="mt-1" open={code === "no_contestants"}>
            <summary className="cursor-pointer font-medium underline-offset-4 hover:underline">
              {t("notice.how")}
            </summary>
            <ol className="mt-2 list-decimal space-y-1.5 pl-5">
              {(["key", "local", "catalogue"] as const).map((way) => (
                <li key={way}>
                  <WithCode text={t(`notice.ways.${way}`)} />
                </li>
              ))}
            </ol>
          </details>
        )}
      </Notice>
    ));
}
