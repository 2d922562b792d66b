import { useCallback, useMemo } from "react";
import type { Conversation } from "../../api/types";
import type { Edit } from "./EditNote";
import { useDraft } from "./useDraft";

/** The draft that holds what is being asked anew in a conversation. */
export const draftOfEdit = (conversation: string) => `${conversation}.edit`;

/** A question of a conversation that is being asked anew, kept in this browser as drafts are. */
export function useEdit({ id, turns }: Conversation): [Edit | null, (edit: Edit | null) => void] {
  const [kept, keep] = useDraft(draftOfEdit(id));
  const edit = useMemo(() => {
    const { turnId, ...rest } = JSON.parse(kept || "{}");
    const turn = turns.find((one) => one.id === turnId);
    return turn ? { ...rest, turn } : null;
  }, [kept, turns]);
  const change = useCallback(
    (next: Edit | null) => {
      if (!next) return keep("");
      const { turn, ...rest } = next;
      keep(JSON.stringify({ ...rest, turnId: turn.id }));
    },
    [keep],
  );
  return [edit, change];
}
