import { Followed, useFollowed } from "./followed";
import { readSetting, writeSetting } from "./settings";

const KEYS = "keys";

const stored = () => readSetting(KEYS) !== "0";
const on = new Followed(stored());
window.addEventListener("storage", () => {
  on.value = stored();
});

/** Whether single keys do something; whoever speaks to the machine, or hits keys by chance, switches them off. */
export const keysAreOn = (): boolean => on.value;

export const useKeysOn = (): boolean => useFollowed(on, (present) => present);

export function switchKeys(next: boolean): void {
  on.value = next;
  writeSetting(KEYS, next ? null : "0");
}

/**
 * A control's single key, as its `aria-keyshortcuts`: that attribute is also what makes the key work
 * (shortcuts/useShortcuts.ts). None while keys are switched off.
 */
export function useKeyOf(): (key: string) => string | undefined {
  const present = useKeysOn();
  return (key) => (present ? key : undefined);
}
