import { useSyncExternalStore } from "react";
import { readSetting, writeSetting } from "./settings";

const KEYS = "keys";

let on = readSetting(KEYS) !== "0";
const listeners = new Set<() => void>();

const tell = () => {
  for (const heard of listeners) heard();
};

/** Whether single keys do something; whoever speaks to the machine, or hits keys by chance, switches them off. */
export const keysAreOn = (): boolean => on;

export function switchKeys(next: boolean): void {
  on = next;
  writeSetting(KEYS, next ? null : "0");
  tell();
}

window.addEventListener("storage", () => {
  on = readSetting(KEYS) !== "0";
  tell();
});

function follow(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

export const useKeysOn = (): boolean => useSyncExternalStore(follow, keysAreOn);

/**
 * A control's single key, as its `aria-keyshortcuts`: that attribute is also what makes the key work
 * (shortcuts/useShortcuts.ts). None while keys are switched off.
 */
export function useKeyOf(): (key: string) => string | undefined {
  const present = useKeysOn();
  return (key) => (present ? key : undefined);
}
