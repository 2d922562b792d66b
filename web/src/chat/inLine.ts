import { createContext } from "react";

/** Whether a turn stands in line, which both its answers say alike. */
export const InLine = createContext(false);
