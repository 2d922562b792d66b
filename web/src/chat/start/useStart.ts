import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { createConversation, createTurn, type NewConversation, type NewTurn } from "../../api/endpoints";
import type { Conversation } from "../../api/types";
import { whileTemporary } from "../../app/query";
import { notePromises } from "../model/promises";
import { nonceOf } from "../nonce";
import { useAddConversation } from "../useConversation";

/**
 * Begins a conversation with its first question, and goes to its page; `onBegun` comes before that.
 * `agrees` names the terms that are agreed to by that.
 */
export function useStart(onBegun: (conversation: string, asked: string) => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const add = useAddConversation();
  // A conversation whose first question was refused waits here for the next try, or the history would fill
  // with empty ones.
  const begun = useRef<{ wish: string; conversation: Conversation } | null>(null);

  return useMutation({
    retry: whileTemporary,
    mutationFn: async (
      question: NewConversation & Pick<NewTurn, "preset"> & { text: string; agrees?: string },
    ) => {
      const { text, preset, agrees, ...wish } = question;
      const key = JSON.stringify(wish);
      if (begun.current?.wish !== key) {
        begun.current = { wish: key, conversation: await createConversation(wish) };
      }
      const { conversation } = begun.current;
      const nonce = nonceOf(question);
      const turn = {
        parts: [{ type: "text" as const, text }],
        client_nonce: nonce,
        preset,
        terms_version: agrees,
      };
      const created = await createTurn(conversation.id, turn, nonce);
      notePromises([created.battle]);
      return { ...conversation, turns: [created.turn], battles: [created.battle] };
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["me"] }),
    onSuccess: (conversation, { text }) => {
      begun.current = null;
      onBegun(conversation.id, text);
      add(conversation);
      void client.invalidateQueries({ queryKey: ["history"] });
      void navigate({ to: "/c/$conversationId", params: { conversationId: conversation.id } });
    },
  });
}
