import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { createConversation, createTurn, type NewConversation } from "../../api/endpoints";
import type { Conversation } from "../../api/types";
import { notePromises } from "../model/promises";
import { clientNonce } from "../nonce";
import { useAddConversation } from "../useConversation";

/** Begins a conversation with its first question, and goes to its page; `onBegun` comes before that. */
export function useStart(onBegun: () => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const add = useAddConversation();
  // A conversation whose first question was refused waits here for the next try, or the history would fill
  // with empty ones.
  const begun = useRef<{ wish: string; conversation: Conversation } | null>(null);

  return useMutation({
    mutationFn: async ({ text, ...wish }: NewConversation & { text: string }) => {
      const key = JSON.stringify(wish);
      if (begun.current?.wish !== key) {
        begun.current = { wish: key, conversation: await createConversation(wish) };
      }
      const { conversation } = begun.current;
      const created = await createTurn(conversation.id, {
        parts: [{ type: "text", text }],
        client_nonce: clientNonce(),
      });
      notePromises([created.battle]);
      return { ...conversation, turns: [created.turn], battles: [created.battle] };
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["me"] }),
    onSuccess: (conversation) => {
      begun.current = null;
      onBegun();
      add(conversation);
      void client.invalidateQueries({ queryKey: ["history"] });
      void navigate({ to: "/c/$conversationId", params: { conversationId: conversation.id } });
    },
  });
}
