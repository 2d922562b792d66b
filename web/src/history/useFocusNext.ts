import { type RefObject, useCallback, useLayoutEffect, useRef } from "react";

/**
 * Names what has the focus next, by its `data-focus` in the box, for when what has it now goes. It gets it as
 * soon as it is there, unless the reader has moved the focus meanwhile.
 */
export function useFocusNext(box: RefObject<HTMLElement | null>): (name: string) => void {
  const next = useRef<string>(undefined);
  useLayoutEffect(() => {
    const found = next.current && box.current?.querySelector<HTMLElement>(`[data-focus="${next.current}"]`);
    if (!found) return;
    next.current = undefined;
    if (document.activeElement === document.body) found.focus();
  });
  return useCallback((name) => {
    next.current = name;
  }, []);
}
