import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { getHistory } from "../api/endpoints";

/** The reader's conversations, newest first, a page at a time. */
export function useHistory(query: string) {
  return useInfiniteQuery({
    queryKey: ["history", query],
    queryFn: ({ pageParam }) => getHistory(query, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.more ? (page.items.at(-1)?.id ?? null) : null),
    placeholderData: keepPreviousData,
  });
}
