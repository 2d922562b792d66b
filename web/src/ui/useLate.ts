import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  type SyntheticEvent,
  useEffect,
  useRef,
  useState,
} from "react";

/**
 * A control that is fetched, with all that draws what it opens, when somebody comes near it or presses it. Until it
 * was pressed a button that looks like it stands in its place: `near` and `press` are for that. It shows that it
 * `waits` for what it was pressed for.
 */
export function useLate<Control>(load: () => Promise<Control>) {
  const [late, setLate] = useState<{ Control: Control; press?: Event }>();
  const [waits, setWaits] = useState(false);

  /** Resolves to whether it took its place. */
  const fetchControl = async (press?: Event): Promise<boolean> => {
    const hasGoneOn = watchForMore();
    setWaits(true);
    const Control = await load().catch(() => undefined);
    setWaits(false);
    // Nothing opens over somebody who has gone on to something else. What failed is tried again by the next press.
    if (hasGoneOn() || !Control) return false;
    setLate({ Control, press });
    return true;
  };
  const prefetch = () => void load().catch(() => {});
  const press = (event: SyntheticEvent) => {
    event.preventDefault();
    const { nativeEvent } = event;
    void fetchControl(new (nativeEvent.constructor as typeof Event)(nativeEvent.type, nativeEvent));
  };
  const near = { onPointerEnter: prefetch, onFocus: prefetch, "aria-busy": waits };
  return { late, fetchControl, near, press, waits };
}

/** Says, once, whether anything was pressed since, or the focus moved. */
function watchForMore(): () => boolean {
  const focused = document.activeElement;
  let pressed = false;
  const note = (event: Event) => {
    // A key that is still held down is no other press.
    if (!(event as Partial<globalThis.KeyboardEvent>).repeat) pressed = true;
  };
  for (const kind of PRESSES) document.addEventListener(kind, note, true);
  return () => {
    for (const kind of PRESSES) document.removeEventListener(kind, note, true);
    return pressed || document.activeElement !== focused;
  };
}

const PRESSES = ["pointerdown", "keydown"];
const OPENS_MENU = ["Enter", " ", "ArrowDown"];

/** The same for a menu, whose `button` opens it by what opens menus. */
export function useLateMenu<Control>(load: () => Promise<Control>) {
  const { late, near, press } = useLate(load);
  const button = {
    "aria-haspopup": "menu" as const,
    "aria-expanded": false,
    ...near,
    onPointerDown: (event: PointerEvent) => {
      if (event.button === 0 && !event.ctrlKey) press(event);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (OPENS_MENU.includes(event.key)) press(event);
    },
  };
  return { late, button };
}

/** Does on a control, once, the press that it was fetched for. */
export function usePress(control: RefObject<HTMLElement | null>, press?: Event): void {
  const due = useRef(press);
  useEffect(() => {
    if (due.current) control.current?.dispatchEvent(due.current);
    due.current = undefined;
  }, [control]);
}
