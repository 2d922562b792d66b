import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLayoutEffect } from "react";
import { createTurn, type NewTurn } from "../api/endpoints";
import type { Battle, Conversation, Turn } from "../api/types";
import { whileTemporary } from "../app/query";
import { takeSent } from "./composer/useDraft";
import { withBattle, withTurn } from "./model/applyEvent";
import { notePromises } from "./model/promises";
import { promptText } from "./model/turnState";
import { forgetNonce, nonceOf } from "./nonce";
import { useCatchUp, useUpdateConversation } from "./useConversation";

export interface Asking {
  question: Omit<NewTurn, "client_nonce" | "terms_version">;
  /** The terms that are agreed to by that. */
  agrees?: string;
  /** The draft that it is from, and what that held. */
  from?: { draft: string; text: string };
  /** How many turns the conversation had before. */
  after: number;
}

/**
 * Asking in a conversation; an error is the mutation's own. `onAsked` is called once a question was asked, also when
 * only that is found out: what the arena said to it may have been lost.
 */
export function useAsk(conversation: Conversation, onAsked: (asking: Asking) => void) {
  const { id, turns } = conversation;
  const client = useQueryClient();
  const update = useUpdateConversation(id);
  const catchUp = useCatchUp(id);

  const asked = (asking: Asking) => {
    forgetNonce([id, asking.question]);
    if (asking.from) takeSent(asking.from.draft, asking.from.text);
    onAsked(asking);
  };
  const ask = useMutation({
    mutationFn: ({ question, agrees }: Asking) => {
      const nonce = nonceOf([id, question]);
      return createTurn(id, { ...question, client_nonce: nonce, terms_version: agrees }, nonce);
    },
    retry: whileTemporary,
    onError: catchUp,
    onSuccess: ({ turn, battle, carried }, asking) => {
      notePromises([battle]);
      update((known) => ({
        ...withTurn(withBattle(withCarried(withoutOpen(known, battle.id), turn, carried), battle), turn),
        // Whoever asks is at the end; and who has left has been replaced.
        place: null,
        retired: battle.instead_because === "retired" ? [] : known.retired,
      }));
      asked(asking);
      void client.invalidateQueries({ queryKey: ["history"] });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["me"] }),
  });

  const { error, variables, reset } = ask;
  const arrived = error && variables && isAmong(turns.slice(variables.after), variables);
  // Before the error is seen, where both come at once.
  useLayoutEffect(() => {
    if (!arrived) return;
    reset();
    asked(variables);
  });
  return ask;
}

function isAmong(turns: Turn[], { question }: Asking): boolean {
  const text = question.parts.map((part) => part.text).join("\n\n");
  return turns.some((turn) => turn.parent_id === (question.parent_id ?? null) && promptText(turn) === text);
}

/** The battle before goes on with this answer, where no vote has said so. */
function withCarried(known: Conversation, turn: Turn, carried: Battle["carried"]): Conversation {
  const before = known.turns.find(({ id }) => id === turn.parent_id);
  const battle = before && known.battles.find(({ id }) => id === before.battle_id);
  return battle && carried ? withBattle(known, { ...battle, carried }) : known;
}

/** An open battle that the reader leaves for another is skipped; its names stay hidden. */
function withoutOpen(known: Conversation, next: string): Conversation {
  const open = known.battles.find(({ id, status }) => status === "ready" && id !== next);
  return open ? withBattle(known, { ...open, status: "skipped" }) : known;
}
