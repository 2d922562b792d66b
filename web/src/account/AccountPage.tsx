import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { endSession, getSessions, signOut } from "../api/endpoints";
import { startOver } from "../app/ownPage";
import { useMe } from "../app/queries";
import { forgetWriting } from "../app/settings";
import { useTitle } from "../app/useTitle";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { SessionItem } from "./SessionItem";
import { Sheet } from "./Sheet";

const SESSIONS = ["sessions"];

/** Who one is here, where one is signed in, and how that ends. */
export default function AccountPage() {
  const { t } = useTranslation("account");
  const problemText = useProblemText();
  const client = useQueryClient();
  const { data: me } = useMe();
  const sessions = useQuery({
    queryKey: SESSIONS,
    queryFn: getSessions,
    enabled: me?.kind === "voter",
    staleTime: 0,
  });
  const end = useMutation({
    mutationFn: endSession,
    onSettled: () => client.invalidateQueries({ queryKey: SESSIONS }),
  });
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      forgetWriting();
      startOver("/");
    },
  });
  useTitle(t("account.title"));

  const problem = leave.error ?? end.error ?? sessions.error;
  if (!me) return <Sheet title={t("account.title")}>{null}</Sheet>;
  if (me.kind !== "voter") {
    return (
      <Sheet title={t("account.title")}>
        <p>{t("account.notSignedIn")}</p>
        <Link
          to="/sign-in"
          search={{ next: "/account" }}
          className="inline-block font-medium text-clay underline underline-offset-4"
        >
          {t("signIn.title")}
        </Link>
      </Sheet>
    );
  }
  return (
    <Sheet title={t("account.title")}>
      <p className="text-17 wrap-anywhere" data-testid="signed-in-as">
        {t("account.as", { email: me.email })}
      </p>
      <section aria-labelledby="sessions" className="space-y-2">
        <h2 id="sessions" className="font-serif text-22">
          {t("account.sessions")}
        </h2>
        <p className="text-soft">{t("account.sessionsNote")}</p>
        <ul className="divide-y divide-line border-y border-line">
          {sessions.data?.map((session) => (
            <SessionItem
              key={session.id}
              session={session}
              ending={end.isPending}
              onEnd={() => end.mutate(session.id)}
            />
          ))}
        </ul>
      </section>
      {problem && (
        <Notice tone="wrong" live testId="problem">
          <p>{problemText(problem)}</p>
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => leave.mutate(false)} disabled={leave.isPending} data-testid="sign-out">
          {t("account.signOut")}
        </Button>
        <Button
          onClick={() => leave.mutate(true)}
          disabled={leave.isPending}
          data-testid="sign-out-everywhere"
        >
          {t("account.everywhere")}
        </Button>
      </div>
    </Sheet>
  );
}
