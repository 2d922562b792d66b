import { type FocusEvent, type KeyboardEvent, useRef } from "react";

interface NameFieldProps {
  name: string;
  label: string;
  maxLength: number;
  /** With the new name; not for one that is the same, or empty. */
  onName: (name: string) => void;
  onEnd: () => void;
}

/** A name that is being changed in its place: Enter and leaving keep it, Escape does not. */
export function NameField({ name, label, maxLength, onName, onEnd }: NameFieldProps) {
  const over = useRef(false);
  const end = (text: string | null) => {
    if (over.current) return;
    over.current = true;
    const next = text?.trim();
    if (next && next !== name) onName(next);
    onEnd();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") end(event.currentTarget.value);
    if (event.key === "Escape") {
      event.stopPropagation();
      end(null);
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
      onBlur={(event) => end(event.target.value)}
      onKeyDown={onKeyDown}
      data-testid="name-field"
      className="h-9 w-full min-w-0 rounded-control border border-sea bg-raised px-2 text-15 outline-none"
    />
  );
}
