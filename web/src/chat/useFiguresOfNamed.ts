import { useEffect, useRef } from "react";
import type { Conversation } from "../api/types";

/** Where the names are known from the start, the figures are there once the answers have ended: they are fetched then. */
export function useFiguresOfNamed(
  { mode }: Conversation,
  followed: boolean,
  resync: () => Promise<unknown>,
): void {
  const was = useRef(followed);
  useEffect(() => {
    // Without them the answers stand all the same.
    if (was.current && !followed && mode !== "battle") resync().catch(() => {});
    was.current = followed;
  }, [followed, mode, resync]);
}
