import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { getHistory, type HistoryQuery } from "../api/endpoints";

const PAGE = 50;

/** The reader's conversations, newest first, a page at a time. */
export function useHistory(query: HistoryQuery) {
  return useInfiniteQuery({
    queryKey: ["history", query],
    queryFn: ({ pageParam }) => getHistory({ ...query, cursor: pageParam, limit: PAGE }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export type History = ReturnType<typeof useHistory>;
