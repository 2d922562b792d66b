import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { keysAreOn } from "../app/keys";
import { isComposing } from "../ui/isComposing";
import { controlOf, press } from "./controlOf";
import { wantFocus } from "./useWantedFocus";

/** Where keys are for something else. */
const ELSEWHERE =
  "input, textarea, select, [contenteditable], [role=menu], [role=listbox], [role=dialog], [role=alertdialog], dialog";

/** The key, where it is meant for the page as a whole. */
function keyOf(event: KeyboardEvent): string | undefined {
  if (event.defaultPrevented || event.repeat || isComposing(event)) return undefined;
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (event.target instanceof Element && event.target.closest(ELSEWHERE)) return undefined;
  if (event.key === "Escape") return event.key;
  if (event.key.length > 1 || !keysAreOn()) return undefined;
  // With the shift key only what one needs it for, on some keyboards; a capital that is locked is no other key.
  return event.shiftKey ? event.key : event.key.toLowerCase();
}

/**
 * The keys of the page: what a control names as its key, it does. Where no control is, or none can be used yet, the key
 * does nothing: no vote before both answers may be voted on.
 */
export function useShortcuts(showList: () => void): void {
  const router = useRouter();
  useEffect(() => {
    const goTo = (path: "/" | "/history", key: string) => {
      const here = router.state.location.pathname === path ? controlOf(key) : undefined;
      if (here) return press(here);
      wantFocus(key);
      void router.navigate({ to: path });
    };
    const anywhere: Record<string, () => void> = {
      "?": showList,
      n: () => goTo("/", "/"),
      s: () => {
        const search = controlOf("s");
        if (search) press(search);
        else goTo("/history", "s");
      },
    };
    const onKey = (event: KeyboardEvent) => {
      const key = keyOf(event);
      if (!key) return;
      const control = controlOf(key);
      const act = anywhere[key] ?? (control && (() => press(control)));
      if (!act) return;
      // Else the key would also be written into the field that it leads to.
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [router, showList]);
}
