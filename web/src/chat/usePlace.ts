import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { changeConversation } from "../api/endpoints";
import type { Conversation, Turn } from "../api/types";
import { type Laid, placeOf, samePlace } from "./model/place";
import { useUpdateConversation } from "./useConversation";

/** After the last movement. */
const REST_MS = 1_000;
/** How long the place is held after what stands above it was last set: a slow telephone takes its time. */
const SETTLING_MS = 3_000;
const NEAR_END_PX = 8;
const MOVES = ["wheel", "touchstart", "pointerdown", "keydown"];

/**
 * Opens a conversation where it was left, or at the turn `at`, and keeps the place at which the reader leaves
 * it. At the end, where it opens by itself, there is nothing to go back to.
 */
export function usePlace(
  content: RefObject<HTMLElement | null>,
  conversation: Conversation,
  branch: Turn[],
  at: string | undefined,
): void {
  const update = useUpdateConversation(conversation.id);
  const now = useRef({ conversation, branch });
  now.current = { conversation, branch };
  const { id } = conversation;
  const wanted = useRef(at ? { turn_id: at, share: 0 } : conversation.place);
  useLayoutEffect(() => {
    const inner = content.current;
    const scroller = inner?.closest("main");
    const place = wanted.current;
    if (!inner || !scroller || !place) return;
    const go = () => {
      const turn = inner.querySelector(`[data-turn="${place.turn_id}"]`);
      if (!turn) return;
      const { top, height } = turn.getBoundingClientRect();
      scroller.scrollTop += top - topOf(scroller) + place.share * height;
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settled = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(letGo, SETTLING_MS);
      go();
    });
    const letGo = () => {
      settled.disconnect();
      clearTimeout(timer);
      for (const move of MOVES) scroller.removeEventListener(move, letGo);
    };
    settled.observe(inner);
    for (const move of MOVES) scroller.addEventListener(move, letGo, { passive: true });
    go();
    return letGo;
  }, [content]);

  const keep = useCallback(() => {
    const inner = content.current;
    const scroller = inner?.closest("main");
    const { conversation, branch } = now.current;
    if (!inner || !scroller || branch.length === 0) return;
    const above = topOf(scroller);
    const laid = [...inner.querySelectorAll<HTMLElement>("[data-turn]")].map((one): Laid => {
      const { top, height } = one.getBoundingClientRect();
      return { id: one.dataset.turn ?? "", top: top - above, height };
    });
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
    const place = placeOf(laid, atEnd, branch, conversation);
    if (samePlace(place, conversation.place)) return;
    update((known) => ({ ...known, place }));
    // Should it be lost, the conversation opens where it was left the time before.
    changeConversation(id, { place }).catch(() => {});
  }, [content, id, update]);

  // As layout effects they end while what they look at is still there.
  useLayoutEffect(() => {
    const scroller = content.current?.closest("main");
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(keep, REST_MS);
    };
    scroller?.addEventListener("scroll", soon, { passive: true });
    window.addEventListener("pagehide", keep);
    return () => {
      scroller?.removeEventListener("scroll", soon);
      window.removeEventListener("pagehide", keep);
      clearTimeout(timer);
      keep();
    };
  }, [content, keep]);

  const end = branch.at(-1)?.id;
  const newest = conversation.turns.at(-1)?.id;
  const shown = useRef({ end, newest });
  useEffect(() => {
    // Another branch; a new turn moves the page to its end, and what was in sight until then is left.
    if (shown.current.end !== end && shown.current.newest === newest) keep();
    shown.current = { end, newest };
  }, [end, newest, keep]);
}

/** Where the view begins, below the bar that lies over it. */
function topOf(scroller: HTMLElement): number {
  return scroller.getBoundingClientRect().top + (scroller.querySelector("header")?.offsetHeight ?? 0);
}
