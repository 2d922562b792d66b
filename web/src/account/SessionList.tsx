import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { endSession, getSessions } from "../api/endpoints";
import type { Session } from "../api/types";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { SessionItem } from "./SessionItem";
import { useSessionWords } from "./useSessionWords";

const SESSIONS = ["sessions"];

/** Where one is signed in; other browsers can be signed out. */
export function SessionList() {
  const { t } = useTranslation("account");
  const problemText = useProblemText();
  const { nameOf } = useSessionWords();
  const client = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const sessions = useQuery({ queryKey: SESSIONS, queryFn: getSessions, staleTime: 0 });
  const end = useMutation({
    mutationFn: ({ id }: Session) => endSession(id),
    // The button that was pressed goes away with its session; the reader stays at the list.
    onSuccess: () => heading.current?.focus(),
    onSettled: () => client.invalidateQueries({ queryKey: SESSIONS }),
  });
  const problem = end.error ?? sessions.error;
  return (
    <section aria-labelledby="sessions" className="space-y-2">
      <h2 id="sessions" ref={heading} tabIndex={-1} className="font-serif text-22 outline-none">
        {t("account.sessions")}
      </h2>
      <p className="text-soft">{t("account.sessionsNote")}</p>
      <ul className="divide-y divide-line border-y border-line">
        {sessions.data?.map((session) => (
          <SessionItem
            key={session.id}
            session={session}
            ending={end.isPending}
            onEnd={() => end.mutate(session)}
          />
        ))}
      </ul>
      <p role="status" className="text-soft" data-testid="session-ended">
        {end.isSuccess && t("account.ended", { browser: nameOf(end.variables) })}
      </p>
      {problem && (
        <Notice tone="wrong" live testId="problem">
          <p>{problemText(problem)}</p>
        </Notice>
      )}
    </section>
  );
}
