import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "../api/problem";

const TEMPORARY = ["unreachable", "unavailable", "restarting"];

/** Whether to try again: it helps while the server cannot be reached or is being restarted, and else with nothing. */
export function whileTemporary(count: number, error: Error): boolean {
  return count < 3 && error instanceof Problem && TEMPORARY.includes(error.document.code);
}

/** A session that was ended elsewhere shows when it is used; then the whole page has to know. */
function askWhoIsHere(error: Error): void {
  if (error instanceof Problem && error.document.code === "not_signed_in") {
    void queryClient.invalidateQueries({ queryKey: ["me"] });
  }
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: askWhoIsHere }),
  mutationCache: new MutationCache({ onError: askWhoIsHere }),
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
