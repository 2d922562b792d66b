import { type RefObject, useEffect } from "react";

/** Scrolls two elements together, each to the same share of its own length. */
export function useLinkedScroll(
  first: RefObject<HTMLElement | null>,
  second: RefObject<HTMLElement | null>,
  linked: boolean,
): void {
  useEffect(() => {
    const one = first.current;
    const other = second.current;
    if (!linked || !one || !other) return;
    // The one under the reader's hand leads; the other's own scroll events are echoes.
    let led: HTMLElement | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = (leader: HTMLElement, follower: HTMLElement) => () => {
      if (led === leader) return;
      const share = leader.scrollTop / Math.max(1, leader.scrollHeight - leader.clientHeight);
      led = follower;
      follower.scrollTop = share * (follower.scrollHeight - follower.clientHeight);
      clearTimeout(timer);
      timer = setTimeout(() => {
        led = null;
      }, 120);
    };
    const fromOne = follow(one, other);
    const fromOther = follow(other, one);
    one.addEventListener("scroll", fromOne, { passive: true });
    other.addEventListener("scroll", fromOther, { passive: true });
    return () => {
      clearTimeout(timer);
      one.removeEventListener("scroll", fromOne);
      other.removeEventListener("scroll", fromOther);
    };
  }, [first, second, linked]);
}
