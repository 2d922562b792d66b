import { choose, readChoice, useChoice } from "./chosen";

const OFF = "0";

/** Whether single keys do something; whoever speaks to the machine, or hits keys by chance, switches them off. */
export const keysAreOn = (): boolean => readChoice("keys") !== OFF;

export const useKeysOn = (): boolean => useChoice("keys") !== OFF;

export const switchKeys = (on: boolean): void => choose("keys", on ? null : OFF);

/**
 * A control's single key, as its `aria-keyshortcuts`: that attribute is also what makes the key work
 * (shortcuts/useShortcuts.ts). None while keys are switched off.
 */
export function useKeyOf(): (key: string) => string | undefined {
  const present = useKeysOn();
  return (key) => (present ? key : undefined);
}
