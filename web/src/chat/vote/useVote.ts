import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { castVote, getReveal, takeBackVote } from "../../api/endpoints";
import type { Battle, Choice } from "../../api/types";
import { isPutOff } from "../model/turnState";
import { useCatchUp, useUpdateConversation } from "../useConversation";
import { useSecondsLeft } from "./useSecondsLeft";

/** How long a vote can be taken back before it is final and the names appear. */
export const HOLD_SECONDS = 5;
/** How long one may take for a guess first. */
const GUESS_SECONDS = 120;

/**
 * Voting with second thoughts: the server holds a vote for some seconds and then makes it final, also for
 * somebody who has left.
 */
export function useVote(conversationId: string, battle: Battle | undefined) {
  const update = useUpdateConversation(conversationId);
  const catchUp = useCatchUp(conversationId);
  const client = useQueryClient();
  const put = useCallback(
    (battleId: string, news: Partial<Battle>) => {
      update((known) => ({
        ...known,
        battles: known.battles.map((one) => (one.id === battleId ? { ...one, ...news } : one)),
      }));
      if (news.reveal) void client.invalidateQueries({ queryKey: ["history"] });
    },
    [client, update],
  );

  const cast = useMutation({
    mutationFn: ({ battleId, choice, hold }: { battleId: string; choice: Choice; hold: number }) =>
      castVote(battleId, choice, hold),
    onError: catchUp,
    onSuccess: ({ reveal, ...rest }, { battleId }) =>
      put(battleId, reveal ? { ...rest, reveal, status: "revealed" } : rest),
  });
  const takeBack = useMutation({
    mutationFn: takeBackVote,
    onError: catchUp,
    onSuccess: (_, battleId) => put(battleId, { vote: null, final_at: null }),
  });
  const end = useMutation({
    mutationFn: getReveal,
    retry: 5,
    retryDelay: 1000,
    onError: catchUp,
    onSuccess: (answer, battleId) => put(battleId, { ...answer, final_at: null, status: "revealed" }),
  });

  const held = battle?.final_at ? battle.vote : null;
  const battleId = battle?.id;
  const { mutate: finish } = end;
  const onDue = useCallback(() => battleId && finish(battleId), [battleId, finish]);
  const putOff = battle !== undefined && isPutOff(battle);
  const secondsLeft = useSecondsLeft(battle?.final_at, putOff ? GUESS_SECONDS : HOLD_SECONDS, onDue);

  const { mutate } = cast;
  const choose = useCallback(
    (choice: Choice) => battle && mutate({ battleId: battle.id, choice, hold: HOLD_SECONDS }),
    [battle, mutate],
  );
  return {
    choose,
    takeBack: () => battle && takeBack.mutate(battle.id),
    castNow: () => battle && held && mutate({ battleId: battle.id, choice: held.choice, hold: 0 }),
    held: held?.choice ?? null,
    putOff,
    put,
    secondsLeft,
    casting: cast.isPending,
    error: cast.error ?? takeBack.error ?? end.error,
  };
}
