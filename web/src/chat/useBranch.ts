import { useCallback, useMemo, useState } from "react";
import type { Conversation, Turn } from "../api/types";
import { branchThrough } from "./model/branches";

/**
 * The branch of a conversation that is shown, and a way to turn to the one through another turn (null: to the
 * newest). It begins as the one with `at`, else as that which was left.
 */
export function useBranch(
  { turns, place }: Conversation,
  at: string | undefined,
): [Turn[], (through: string | null) => void] {
  const [through, show] = useState(at ?? place?.end_id ?? null);
  return [
    useMemo(() => branchThrough(turns, through), [turns, through]),
    useCallback((next: string | null) => show(next), []),
  ];
}
