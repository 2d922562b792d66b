import { createContext } from "react";

interface Opening {
  /** Opens the rail, for the control that it comes back to. */
  open: (opener: HTMLElement) => void;
  /** What the control says of itself. */
  button: { "aria-haspopup"?: "dialog"; "aria-expanded": boolean; "aria-busy"?: boolean };
}

/** For the control that opens the rail; null while that stands beside the page. */
export const RailOpener = createContext<Opening | null>(null);
