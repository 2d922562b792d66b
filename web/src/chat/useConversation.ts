import { type Query, type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { getConversation } from "../api/endpoints";
import type { Conversation } from "../api/types";
import { mayHaveMissed } from "./missed";
import { noteConversation } from "./model/promises";
import { isFollowed } from "./model/turnState";

const keyOf = (id: string) => ["conversation", id] as const;

/** What changed here while it was read, it may not hold yet: then it is read again, or its stream knows better. */
async function read(client: QueryClient, id: string): Promise<Conversation> {
  const known = () => client.getQueryState<Conversation>(keyOf(id));
  for (;;) {
    const before = known()?.dataUpdateCount;
    const conversation = await getConversation(id);
    const now = known();
    if (now?.data && now.dataUpdateCount !== before) {
      if (isFollowed(now.data)) return now.data;
      continue;
    }
    noteConversation(conversation);
    return conversation;
  }
}

/** Nothing comes from a stream that is closed, while the conversation may go on in another tab. */
const unlessFollowed = ({ state }: Query<Conversation, Error, Conversation, ReturnType<typeof keyOf>>) =>
  state.data && isFollowed(state.data) ? false : "always";

/** A conversation, kept up to date by its stream and by what the reader does. */
export function useConversation(id: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: keyOf(id),
    queryFn: () => read(client, id),
    // The stream keeps it fresh; comparing whole answers at every word would cost more than drawing them.
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
    refetchOnWindowFocus: unlessFollowed,
    refetchOnReconnect: unlessFollowed,
  });
}

/** Reads a conversation anew, once: whoever waits for an answer tries again by themselves. */
export function useResync(id: string) {
  const client = useQueryClient();
  return useCallback(
    () =>
      client.fetchQuery({
        queryKey: keyOf(id),
        queryFn: () => read(client, id),
        structuralSharing: false,
        retry: false,
        staleTime: 0,
      }),
    [client, id],
  );
}

/** Reads a conversation anew where an error says that it may have gone on without this page. */
export function useCatchUp(id: string) {
  const resync = useResync(id);
  return useCallback(
    (error: Error) => {
      // What went wrong is said all the same.
      if (mayHaveMissed(error)) resync().catch(() => {});
    },
    [resync],
  );
}

/** Changes a conversation as it is known here. */
export function useUpdateConversation(id: string) {
  const client = useQueryClient();
  return useCallback(
    (change: (known: Conversation) => Conversation) =>
      client.setQueryData<Conversation>(keyOf(id), (known) => known && change(known)),
    [client, id],
  );
}

/** Puts in a conversation that was just begun, so that its page opens without asking for it. */
export function useAddConversation() {
  const client = useQueryClient();
  return useCallback(
    (conversation: Conversation) => client.setQueryData(keyOf(conversation.id), conversation),
    [client],
  );
}
