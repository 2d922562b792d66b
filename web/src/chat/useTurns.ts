import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createTurn, type NewTurn, retryTurn, stopTurn } from "../api/endpoints";
import { withBattle, withTurn } from "./model/applyEvent";
import { notePromises } from "./model/promises";
import { clientNonce } from "./nonce";
import { useUpdateConversation } from "./useConversation";

/** Asking, stopping and retrying in a conversation. Errors are the mutations' own (`error`). */
export function useTurns(conversationId: string) {
  const client = useQueryClient();
  const update = useUpdateConversation(conversationId);

  const ask = useMutation({
    mutationFn: (turn: Omit<NewTurn, "client_nonce">) =>
      createTurn(conversationId, { ...turn, client_nonce: clientNonce() }),
    onSuccess: ({ turn, battle }, { new_pair }) => {
      notePromises([battle]);
      update((known) => {
        // An open battle that the reader leaves for a new pair is skipped; its names stay hidden.
        const last = new_pair ? known.battles.at(-1) : undefined;
        const left =
          last && last.status === "ready" ? withBattle(known, { ...last, status: "skipped" }) : known;
        return withTurn(withBattle(left, battle), turn);
      });
      void client.invalidateQueries({ queryKey: ["history"] });
    },
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
