import type { KeyboardEvent as ReactKeyboardEvent } from "react";

/**
 * Whether a key belongs to an input method, where Enter picks a word and Escape drops it. Safari ends the
 * composition before it tells of the key that did so; 229 is how it says so.
 */
export const isComposing = (event: KeyboardEvent | ReactKeyboardEvent): boolean =>
  ("nativeEvent" in event ? event.nativeEvent : event).isComposing || event.keyCode === 229;
