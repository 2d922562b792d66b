import type { KeyboardEvent } from "react";

/**
 * Whether a key belongs to an input method, where Enter picks a word and Escape drops it. Safari ends the
 * composition before it tells of the key that did so; 229 is how it says so.
 */
export const isComposing = (event: KeyboardEvent): boolean =>
  event.nativeEvent.isComposing || event.keyCode === 229;
