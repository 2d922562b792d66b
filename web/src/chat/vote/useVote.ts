import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { castVote, getReveal, takeBackVote } from "../../api/endpoints";
import type { Battle, Choice } from "../../api/types";
import { isTemporary, whileTemporary } from "../../app/query";
import { isPutOff } from "../model/turnState";
import { useCatchUp, useUpdateConversation } from "../useConversation";
import { useSecondsLeft } from "./useSecondsLeft";

/** How long a vote can be taken back before it is final and the names appear. */
export const HOLD_SECONDS = 5;
/** How long one may take for a guess first. */
const GUESS_SECONDS = 120;
/** How often the names are asked for that are not there yet: the clocks may differ a little. */
const TRIES_WITHOUT_NAMES = 5;
const LONGEST_WAIT_MS = 8_000;

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
    retry: whileTemporary,
    onError: catchUp,
    onSuccess: ({ reveal, ...rest }, { battleId }) =>
      put(battleId, reveal ? { ...rest, reveal, status: "revealed" } : rest),
  });
  const takeBack = useMutation({
    mutationFn: takeBackVote,
    retry: whileTemporary,
    onError: catchUp,
    onSuccess: (_, battleId) => put(battleId, { vote: null, final_at: null }),
  });
  // Whoever left the chat is told when they come back.
  const here = useRef(false);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const end = useMutation({
    mutationFn: getReveal,
    retry: (count, error) => here.current && (isTemporary(error) || count < TRIES_WITHOUT_NAMES),
    retryDelay: (count) => Math.min(1000 * 2 ** count, LONGEST_WAIT_MS),
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
  const { reset: forgetTakeBack } = takeBack;
  const send = useCallback(
    (choice: Choice, hold: number) => {
      if (!battleId) return;
      forgetTakeBack();
      mutate({ battleId, choice, hold });
    },
    [battleId, mutate, forgetTakeBack],
  );
  const busy = cast.isPending || takeBack.isPending;
  // What was pressed before the hold and what during it, each where it was pressed.
  const casts = cast.variables?.battleId === battleId && (cast.variables?.hold === 0) === (held !== null);
  const error = held
    ? // At the first failure: what is tried again may be too late.
      ((casts ? cast.failureReason : null) ??
      (takeBack.variables === battleId ? takeBack.failureReason : null) ??
      (end.variables === battleId ? end.error : null))
    : casts
      ? cast.error
      : null;
  return {
    choose: useCallback((choice: Choice) => send(choice, HOLD_SECONDS), [send]),
    // One after the other: a vote that is still being sent again would undo what took it back.
    takeBack: () => battle && !busy && takeBack.mutate(battle.id),
    castNow: () => held && !busy && send(held.choice, 0),
    held: held?.choice ?? null,
    putOff,
    put,
    secondsLeft,
    /** Whether the hold is over and the arena cannot say so yet. */
    late: end.isPending && end.variables === battleId && isTemporary(end.failureReason),
    casting: cast.isPending,
    error,
  };
}
