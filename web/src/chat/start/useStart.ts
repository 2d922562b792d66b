import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import {
  createConversation,
  createTurn,
  getConversation,
  type NewConversation,
  type NewTurn,
} from "../../api/endpoints";
import type { Conversation } from "../../api/types";
import { isTemporary, whileTemporary } from "../../app/query";
import { noteConversation, notePromises } from "../model/promises";
import { nonceOf } from "../nonce";
import { useAddConversation } from "../useConversation";

interface Begun {
  wish: string;
  conversation: Conversation;
  /** Whether its question may have been asked: what was said to it may be all that was lost. */
  unsure?: boolean;
}

/**
 * Begins a conversation with its first question, and goes to its page; `onBegun` comes before that.
 * `agrees` names the terms that are agreed to by that.
 */
export function useStart(onBegun: (conversation: Conversation) => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const add = useAddConversation();
  // A conversation whose first question was refused waits here for the next try, or the history would fill
  // with empty ones.
  const begun = useRef<Begun | null>(null);

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
      const { conversation, unsure } = begun.current;
      if (unsure) {
        const now = await getConversation(conversation.id);
        noteConversation(now);
        if (now.turns.length > 0) return now;
      }
      const first = { parts: [{ type: "text" as const, text }], preset };
      const nonce = nonceOf([conversation.id, first]);
      const turn = { ...first, client_nonce: nonce, terms_version: agrees };
      try {
        const created = await createTurn(conversation.id, turn, nonce);
        notePromises([created.battle]);
        return { ...conversation, turns: [created.turn], battles: [created.battle] };
      } catch (error) {
        begun.current.unsure = isTemporary(error);
        throw error;
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["me"] }),
    onSuccess: (conversation) => {
      begun.current = null;
      onBegun(conversation);
      add(conversation);
      void client.invalidateQueries({ queryKey: ["history"] });
      void navigate({ to: "/c/$conversationId", params: { conversationId: conversation.id } });
    },
  });
}
