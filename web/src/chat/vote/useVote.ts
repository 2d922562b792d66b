import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { castVote } from "../../api/endpoints";
import type { Battle, Choice } from "../../api/types";
import { useUpdateConversation } from "../useConversation";

/** How long a vote can be taken back before it is cast and the names appear. */
export const HOLD_SECONDS = 5;

interface Held {
  battleId: string;
  choice: Choice;
}

/**
 * Voting with second thoughts: a choice is held for some seconds, then cast.
 *
 * Leaving the page casts it at once: whoever chose and went meant it.
 */
export function useVote(conversationId: string, battle: Battle | undefined) {
  const update = useUpdateConversation(conversationId);
  const [held, setHeld] = useState<Held | null>(null);
  const [secondsLeft, setSecondsLeft] = useState(0);

  const cast = useMutation({
    mutationFn: ({ battleId, choice }: Held) => castVote(battleId, choice),
    onSuccess: ({ vote, reveal, carried }, { battleId }) =>
      update((known) => ({
        ...known,
        battles: known.battles.map((one) =>
          one.id === battleId ? { ...one, status: "revealed", vote, reveal, carried } : one,
        ),
      })),
  });

  const heldNow = useRef<Held | null>(null);
  heldNow.current = held;
  const { mutate } = cast;
  const castHeld = useCallback(() => {
    const vote = heldNow.current;
    if (!vote) return;
    heldNow.current = null;
    setHeld(null);
    mutate(vote);
  }, [mutate]);

  useEffect(() => {
    if (!held) return;
    setSecondsLeft(HOLD_SECONDS);
    const due = performance.now() + HOLD_SECONDS * 1000;
    const timer = setInterval(() => {
      const left = Math.ceil((due - performance.now()) / 1000);
      if (left <= 0) castHeld();
      else setSecondsLeft(left);
    }, 200);
    return () => clearInterval(timer);
  }, [held, castHeld]);

  useEffect(() => {
    window.addEventListener("pagehide", castHeld);
    return () => {
      window.removeEventListener("pagehide", castHeld);
      castHeld();
    };
  }, [castHeld]);

  const choose = useCallback(
    (choice: Choice) => battle && setHeld({ battleId: battle.id, choice }),
    [battle],
  );
  return {
    choose,
    takeBack: () => setHeld(null),
    castNow: castHeld,
    held: held?.battleId === battle?.id ? (held?.choice ?? null) : null,
    secondsLeft,
    casting: cast.isPending,
    error: cast.error,
  };
}
