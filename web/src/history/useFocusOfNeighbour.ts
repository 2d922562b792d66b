import { type RefObject, useCallback, useLayoutEffect, useRef } from "react";

/**
 * Where a change takes a line out of a list, its neighbour gets the focus, or the list that is empty now.
 * Gives a function to say which line is being changed.
 */
export function useFocusOfNeighbour(
  list: RefObject<HTMLElement | null>,
  ids: string[],
): (changed: string) => void {
  const changed = useRef<string>(undefined);
  const before = useRef(ids);
  useLayoutEffect(() => {
    const place = changed.current === undefined ? -1 : before.current.indexOf(changed.current);
    before.current = ids;
    if (place < 0 || ids.includes(changed.current ?? "")) return;
    changed.current = undefined;
    if (document.activeElement !== document.body) return;
    const menus = list.current?.querySelectorAll<HTMLElement>('[data-focus="menu"]') ?? [];
    (menus[Math.min(place, menus.length - 1)] ?? list.current)?.focus();
  });
  return useCallback((id) => {
    changed.current = id;
  }, []);
}
