import { useMutation } from "@tanstack/react-query";
import { retryTurn, stopTurn } from "../api/endpoints";
import { withBattle, withTurn } from "./model/applyEvent";
import { useCatchUp, useUpdateConversation } from "./useConversation";

/** Stopping and retrying in a conversation. Errors are the mutations' own (`error`). */
export function useTurns(conversationId: string) {
  const update = useUpdateConversation(conversationId);
  const catchUp = useCatchUp(conversationId);

  const stop = useMutation({
    mutationFn: stopTurn,
    onError: catchUp,
    onSuccess: (turn) => update((known) => withTurn(known, turn)),
  });

  const retry = useMutation({
    mutationFn: retryTurn,
    onError: catchUp,
    onSuccess: (turn) =>
      update((known) => {
        const battle = known.battles.find(({ id }) => id === turn.battle_id);
        const running = battle ? withBattle(known, { ...battle, status: "running" }) : known;
        return withTurn(running, turn);
      }),
  });

  return { stop, retry };
}
