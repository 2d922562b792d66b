import { type RefObject, useEffect, useRef } from "react";
import type { Conversation, Turn } from "../api/types";
import { useStickToEnd } from "./answer/useStickToEnd";
import { battleOf, isAnswering, newestTurn } from "./model/turnState";

/**
 * What moves the page by itself: a new turn, which is what one comes for; the words of the shown branch's
 * end as they come, unless the reader scrolled up; and the reveal, whose heads are brought into sight. One
 * that was opened at a place of its own (`placed`) stays there at first.
 */
export function useScrolling(
  content: RefObject<HTMLElement | null>,
  conversation: Conversation,
  end: Turn | undefined,
  placed: boolean,
): void {
  const scroller = useRef<HTMLElement | null>(null);
  const newest = newestTurn(conversation)?.id;
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new turn, and nothing else, moves the page.
  useEffect(() => {
    scroller.current = content.current?.closest("main") ?? null;
    if (!first.current || !placed) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
    first.current = false;
  }, [newest]);
  useStickToEnd(scroller, content, end !== undefined && isAnswering(end));

  const battle = end && battleOf(conversation, end);
  const revealed = battle?.mode === "battle" ? battle.vote?.id : undefined;
  const was = useRef({ end: end?.id, revealed });
  useEffect(() => {
    if (revealed && was.current.end === end?.id && !was.current.revealed) {
      content.current
        ?.querySelector(`[data-answers="${end?.id}"]`)
        ?.scrollIntoView({ block: "start", behavior: "smooth" });
    }
    was.current = { end: end?.id, revealed };
  }, [content, end?.id, revealed]);
}
