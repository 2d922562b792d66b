import { type KeyboardEvent, useState } from "react";

/**
 * One stop of the tab key for the whole table, whose rows the arrow keys walk: a hundred stops would lock a
 * keyboard's user into it.
 */
export function useRowFocus(slugs: string[]) {
  const [last, setLast] = useState<string | null>(null);
  const stop = last !== null && slugs.includes(last) ? last : slugs[0];

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    const index = slugs.indexOf(target.dataset.row ?? "");
    if (index < 0) return;
    const next = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: slugs.length - 1,
    }[event.key];
    if (next === undefined) return;
    const slug = slugs[next];
    if (slug === undefined) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>(`[data-row="${CSS.escape(slug)}"]`)?.focus();
  };
  return { stop, onFocused: setLast, onKeyDown };
}
