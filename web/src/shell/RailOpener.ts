import { createContext } from "react";

/** Opens the rail, for the control that it comes back to; null while it is open. */
export const RailOpener = createContext<((opener: HTMLElement) => void) | null>(null);
