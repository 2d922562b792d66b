import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { getConversation } from "../api/endpoints";
import type { Conversation } from "../api/types";
import { noteConversation } from "./model/promises";

const keyOf = (id: string) => ["conversation", id] as const;

async function read(id: string): Promise<Conversation> {
  const conversation = await getConversation(id);
  noteConversation(conversation);
  return conversation;
}

/** A conversation, kept up to date by its stream and by what the reader does. */
export function useConversation(id: string) {
  return useQuery({
    queryKey: keyOf(id),
    queryFn: () => read(id),
    // The stream keeps it fresh; comparing whole answers at every word would cost more than drawing them.
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
    refetchOnWindowFocus: false,
  });
}

/** Reads a conversation anew, once: whoever waits for an answer tries again by themselves. */
export function useResync(id: string) {
  const client = useQueryClient();
  return useCallback(
    () =>
      client.fetchQuery({
        queryKey: keyOf(id),
        queryFn: () => read(id),
        structuralSharing: false,
        retry: false,
        staleTime: 0,
      }),
    [client, id],
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
