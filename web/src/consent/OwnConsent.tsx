import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { changeConsent, getConsent } from "../api/endpoints";
import { regional } from "../i18n/language";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { Tick } from "./Tick";

const CONSENT = ["consent"];

interface OwnConsentProps {
  /** The version of the terms that holds. */
  current: string;
}

/** What the reader has agreed to, and whether anything of theirs may be published. */
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
  const left_out = change.isPending ? change.variables : own.data?.left_out;
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
        onChange={(on) => change.mutate(on)}
        testId="leave-all-out"
      />
      {own.data && (
        <p role="status" className="text-soft text-pretty" data-testid="own-consent">
          {t(left_out ? "privacy.isOut" : "privacy.isIn")}{" "}
          {agreed
            ? t("privacy.agreed", {
                date: new Date(agreed.agreed_at).toLocaleDateString(regional(i18n.language), {
                  dateStyle: "long",
                }),
              })
            : t("privacy.notAgreed")}
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
