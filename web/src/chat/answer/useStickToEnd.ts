import { type RefObject, useEffect } from "react";

const NEAR_PX = 48;

/**
 * Keeps a scrolling element at its end while `content` grows, unless the reader scrolled up; going back to the
 * end takes it up again.
 */
export function useStickToEnd(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  active: boolean,
): void {
  useEffect(() => {
    const box = scroller.current;
    const inner = content.current;
    if (!active || !box || !inner) return;
    let stuck = true;
    let lastTop = box.scrollTop;
    const onScroll = () => {
      const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
      if (box.scrollTop < lastTop - 1 && !atEnd) stuck = false;
      else if (atEnd) stuck = true;
      lastTop = box.scrollTop;
    };
    const grown = new ResizeObserver(() => {
      if (stuck) box.scrollTop = box.scrollHeight;
    });
    box.addEventListener("scroll", onScroll, { passive: true });
    grown.observe(inner);
    return () => {
      box.removeEventListener("scroll", onScroll);
      grown.disconnect();
    };
  }, [scroller, content, active]);
}
