import { QueryClient } from "@tanstack/react-query";
import { Problem } from "../api/problem";

/** Waiting helps when the server cannot be reached or is starting, and with nothing else. */
function isTemporary(error: Error): boolean {
  return error instanceof Problem && ["unreachable", "unavailable"].includes(error.document.code);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // An arena on this machine answers also while the browser thinks that it is offline.
    queries: {
      retry: (count, error) => count < 3 && isTemporary(error),
      staleTime: 30_000,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
