import { MutationCache, notifyManager, QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "../api/problem";

const TEMPORARY = ["unreachable", "unavailable", "restarting", "busy"];

/** Whether the server cannot be reached, is being restarted or has too much to do: trying again helps with nothing else. */
export const isTemporary = (error: unknown): boolean =>
  error instanceof Problem && TEMPORARY.includes(error.document.code);

/** Whether to try again. */
export const whileTemporary = (count: number, error: Error): boolean => count < 3 && isTemporary(error);

/** What is known here and turns out to be old: a session that was ended elsewhere, terms that have changed. */
const OLD: Record<string, string> = { not_signed_in: "me", terms_not_accepted: "instance" };

function readAnew(error: Error): void {
  const old = error instanceof Problem && OLD[error.document.code];
  if (old) void queryClient.invalidateQueries({ queryKey: [old] });
}

// What a press changes is drawn in the same frame: a box that is ticked would show as it was for a moment.
notifyManager.setScheduler(queueMicrotask);

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: readAnew }),
  mutationCache: new MutationCache({ onError: readAnew }),
  defaultOptions: {
    // An arena on this machine answers also while the browser thinks that it is offline.
    queries: {
      retry: whileTemporary,
      staleTime: 30_000,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
