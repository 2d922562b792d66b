import { type FocusEvent, type KeyboardEvent, useRef } from "react";
import { isComposing } from "../ui/isComposing";

interface NameFieldProps {
  name: string;
  label: string;
  maxLength: number;
  /**
   * With the new name; not for one that is the same, or empty. The field stays until what this gives is there,
   * and if it fails.
   */
  onName: (name: string) => unknown;
  /** `byKey`: rather than by leaving, so that the focus has yet to go somewhere. */
  onEnd: (byKey: boolean) => void;
}

/** A name that is being changed in its place: Enter and leaving keep it, Escape does not. */
export function NameField({ name, label, maxLength, onName, onEnd }: NameFieldProps) {
  const over = useRef(false);
  const end = async (text: string | null, byKey: boolean) => {
    if (over.current) return;
    over.current = true;
    const next = text?.trim();
    try {
      if (next && next !== name) await onName(next);
      onEnd(byKey);
    } catch {
      // What failed is said beside the field, where another name can be tried.
      over.current = false;
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(event)) return;
    if (event.key === "Enter") end(event.currentTarget.value, true);
    if (event.key === "Escape") {
      event.stopPropagation();
      end(null, true);
    }
  };
  return (
    <input
      // It comes up because somebody asked for it.
      // biome-ignore lint/a11y/noAutofocus: see above.
      autoFocus
      aria-label={label}
      defaultValue={name}
      maxLength={maxLength}
      onFocus={(event: FocusEvent<HTMLInputElement>) => event.target.select()}
      onBlur={(event) => end(event.target.value, false)}
      onKeyDown={onKeyDown}
      data-testid="name-field"
      className="h-9 w-full min-w-0 rounded-control border border-sea bg-raised px-2 text-15 outline-none"
    />
  );
}
