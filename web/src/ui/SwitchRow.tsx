import { useId } from "react";
import { classes } from "./classes";

interface SwitchRowProps {
  label: string;
  note: string;
  on: boolean;
  onChange: (on: boolean) => void;
  testId: string;
}

/** A switch with what it does below its name. */
export function SwitchRow({ label, note, on, onChange, testId }: SwitchRowProps) {
  const name = useId();
  const about = useId();
  return (
    <div className="flex items-center justify-between gap-4 py-3">
      <div>
        <p id={name} className="font-medium">
          {label}
        </p>
        <p id={about} className="text-13 text-soft">
          {note}
        </p>
      </div>
      <button
        type="button"
        role="switch"
        aria-checked={on}
        aria-labelledby={name}
        aria-describedby={about}
        data-testid={testId}
        onClick={() => onChange(!on)}
        className="inline-flex size-11 shrink-0 items-center justify-center rounded-control hover:bg-ink/5"
      >
        <span
          className={classes(
            "relative h-5 w-9 rounded-full transition-colors after:absolute after:top-0.5 after:left-0.5 after:size-4 after:rounded-full after:bg-raised after:transition-transform",
            on ? "bg-sea after:translate-x-4" : "bg-ink/35",
          )}
        />
      </button>
    </div>
  );
}
