import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { changeConsent, getConsent } from "../api/endpoints";
import { pause, regional } from "../i18n/language";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { Tick } from "./Tick";

const CONSENT = ["consent"];

interface OwnConsentProps {
  /** The version of the terms that holds. */
  current: string;
}

/** What the reader has agreed to, whether anything of theirs may be published, and whether they are counted. */
export function OwnConsent({ current }: OwnConsentProps) {
  const { t, i18n } = useTranslation("consent");
  const problemText = useProblemText();
  const client = useQueryClient();
  const own = useQuery({ queryKey: CONSENT, queryFn: getConsent, staleTime: 0 });
  const change = useMutation({
    mutationFn: changeConsent,
    // Whoever chose before the first question is somebody now.
    onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
    onSettled: () => client.invalidateQueries({ queryKey: CONSENT }),
  });
  const problem = change.error ?? own.error;
  const chosen = { ...own.data, ...(change.isPending ? change.variables : null) };
  const { left_out, opted_out_of_statistics: uncounted } = chosen;
  const agreed = own.data?.agreements.find(({ version }) => version === current);
  return (
    <section aria-labelledby="choice" className="space-y-1.5">
      <h2 id="choice" className="font-serif text-22">
        {t("privacy.choice")}
      </h2>
      <Tick
        label={t("privacy.leaveOut")}
        on={left_out ?? false}
        disabled={left_out === undefined}
        onChange={(on) => change.mutate({ left_out: on })}
        testId="leave-all-out"
      />
      {own.data && (
        <p role="status" className="text-soft text-pretty" data-testid="own-consent">
          {t(left_out ? "privacy.isOut" : "privacy.isIn")}
          {pause(i18n.language)}
          {agreed
            ? t("privacy.agreed", {
                date: new Date(agreed.agreed_at).toLocaleDateString(regional(i18n.language), {
                  dateStyle: "long",
                }),
              })
            : t("privacy.notAgreed")}
        </p>
      )}
      <Tick
        label={t("privacy.optOut")}
        on={uncounted ?? false}
        disabled={uncounted === undefined || own.data?.browser_opts_out}
        onChange={(on) => change.mutate({ opted_out_of_statistics: on })}
        testId="opt-out-of-statistics"
      />
      {own.data && (
        <p role="status" className="text-soft text-pretty" data-testid="own-statistics">
          {own.data.browser_opts_out
            ? t("privacy.browserOptsOut")
            : t(uncounted ? "privacy.isUncounted" : "privacy.isCounted")}
        </p>
      )}
      {problem && (
        <Notice tone="wrong" live testId="problem">
          <p>{problemText(problem)}</p>
        </Notice>
      )}
    </section>
  );
}
