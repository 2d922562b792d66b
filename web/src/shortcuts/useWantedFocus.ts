import { type RefObject, useEffect } from "react";

let wanted: string | null = null;

/** The field with this key is to have the focus as soon as it is there: the page that has it is on its way. */
export const wantFocus = (key: string): void => {
  wanted = key;
};

/** Goes into a field that was wanted before it was there, behind what is written in it. */
export function useWantedFocus(key: string, field: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (wanted !== key) return;
    wanted = null;
    field.current?.focus();
    if (field.current instanceof HTMLTextAreaElement) {
      field.current.setSelectionRange(field.current.value.length, field.current.value.length);
    }
  }, [key, field]);
}
