import { useEffect } from "react";
import type { Choice } from "../../api/types";
import { CHOICES } from "./choices";

const FIELDS = "input, textarea, select, [contenteditable], [role=menu], [role=dialog]";

/** Keys 1 to 4 vote while no field has the focus. */
export function useVoteKeys(active: boolean, choose: (choice: Choice) => void): void {
  useEffect(() => {
    if (!active) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.target instanceof Element && event.target.closest(FIELDS)) return;
      const choice = CHOICES[Number(event.key) - 1];
      if (choice) choose(choice);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [active, choose]);
}
