import { useCallback, useMemo, useState } from "react";
import type { Conversation, Turn } from "../api/types";
import { readSetting, writeSetting } from "../app/settings";
import { branchThrough } from "./model/branches";

/**
 * The branch of a conversation that is shown, and a way to turn to the one through another turn (null: to the
 * newest). Remembered until the tab is closed.
 */
export function useBranch({ id, turns }: Conversation): [Turn[], (through: string | null) => void] {
  const name = `branch.${id}`;
  const [through, setThrough] = useState(() => readSetting(name, "sessionStorage"));
  const show = useCallback(
    (next: string | null) => {
      setThrough(next);
      writeSetting(name, next, "sessionStorage");
    },
    [name],
  );
  return [useMemo(() => branchThrough(turns, through), [turns, through]), show];
}
