import type { SideName } from "../api/types";
import { classes } from "./classes";

interface SideMarkProps {
  side: SideName;
  className?: string;
}

/** A side's letter and shape: A is a disc of clay, B a square of sea. Told apart without colour too. */
export function SideMark({ side, className }: SideMarkProps) {
  const disc = side === "a";
  return (
    <span className={classes("inline-flex items-center gap-2 font-semibold", className)}>
      <span
        aria-hidden="true"
        className={classes("size-2.5 shrink-0", disc ? "rounded-full bg-clay" : "rounded-[2px] bg-sea")}
      />
      {side.toUpperCase()}
    </span>
  );
}
