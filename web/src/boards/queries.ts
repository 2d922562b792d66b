import { queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client";

const LIVE_MS = 4_000;

/** The boards there are, those of the arenas before the imported ones. */
export const boardsQuery = queryOptions({
  queryKey: ["boards"],
  queryFn: async () => {
    const { boards } = await answerOf(api.GET("/api/v1/boards"));
    return [...boards].sort((a, b) => Number(a.kind === "imported") - Number(b.kind === "imported"));
  },
});

/** A live board is fetched anew while it is looked at; an imported one never changes. */
export const boardQuery = (slug: string) =>
  queryOptions({
    queryKey: ["board", slug],
    queryFn: () => answerOf(api.GET("/api/v1/boards/{slug}", { params: { path: { slug } } })),
    staleTime: ({ state }) => (state.data?.kind === "imported" ? Number.POSITIVE_INFINITY : 0),
    refetchInterval: ({ state }) => (state.data?.kind === "imported" ? false : LIVE_MS),
    refetchOnWindowFocus: true,
  });
