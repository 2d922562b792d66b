import { createContext } from "react";

/** Opens the rail; null while it is open. */
export const RailOpener = createContext<(() => void) | null>(null);
