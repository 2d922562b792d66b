import { QueryClient } from "@tanstack/react-query";
import { Problem } from "../api/problem";

const TEMPORARY = ["unreachable", "unavailable", "restarting"];

/** Whether to try again: it helps while the server cannot be reached or is being restarted, and else with nothing. */
export function whileTemporary(count: number, error: Error): boolean {
  return count < 3 && error instanceof Problem && TEMPORARY.includes(error.document.code);
}

export const queryClient = new QueryClient({
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
