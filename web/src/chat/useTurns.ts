import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createTurn, type NewTurn, retryTurn, stopTurn } from "../api/endpoints";
import type { Battle, Conversation, Turn } from "../api/types";
import { whileTemporary } from "../app/query";
import { takeSent } from "./composer/useDraft";
import { withBattle, withTurn } from "./model/applyEvent";
import { notePromises } from "./model/promises";
import { nonceOf } from "./nonce";
import { useUpdateConversation } from "./useConversation";

export interface Asking {
  question: Omit<NewTurn, "client_nonce">;
  /** The draft that it is from, and what that held. */
  from?: { draft: string; text: string };
}

/** Asking, stopping and retrying in a conversation. Errors are the mutations' own (`error`). */
export function useTurns(conversationId: string) {
  const client = useQueryClient();
  const update = useUpdateConversation(conversationId);

  const ask = useMutation({
    mutationFn: ({ question }: Asking) =>
      createTurn(conversationId, { ...question, client_nonce: nonceOf(question) }, nonceOf(question)),
    retry: whileTemporary,
    onSuccess: ({ turn, battle, carried }, { from }) => {
      if (from) takeSent(from.draft, from.text);
      notePromises([battle]);
      update((known) => ({
        ...withTurn(withBattle(withCarried(withoutOpen(known, battle.id), turn, carried), battle), turn),
        // Whoever asks is at the end; and who has left has been replaced.
        place: null,
        retired: battle.instead_because === "retired" ? [] : known.retired,
      }));
      void client.invalidateQueries({ queryKey: ["history"] });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["me"] }),
  });

  const stop = useMutation({
    mutationFn: stopTurn,
    onSuccess: (turn) => update((known) => withTurn(known, turn)),
  });

  const retry = useMutation({
    mutationFn: retryTurn,
    onSuccess: (turn) =>
      update((known) => {
        const battle = known.battles.find(({ id }) => id === turn.battle_id);
        const running = battle ? withBattle(known, { ...battle, status: "running" }) : known;
        return withTurn(running, turn);
      }),
  });

  return { ask, stop, retry };
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
