import { createContext } from "react";

/** Whether the stream of what is still being written is broken and on its way back. */
export const Reconnecting = createContext(false);
