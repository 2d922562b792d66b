import type { Conversation, Place, Turn } from "../../api/types";

/** A turn as it lies in the view: its top against the view's, and its height. */
export interface Laid {
  id: string;
  top: number;
  height: number;
}

/** The place that a view shows: null at the end of the newest branch, where a conversation opens by itself. */
export function placeOf(
  laid: Laid[],
  atEnd: boolean,
  branch: Turn[],
  conversation: Conversation,
): Place | null {
  const end = branch.at(-1);
  if (!end || (atEnd && end.id === conversation.turns.at(-1)?.id)) return null;
  const shown = laid.find(({ top, height }) => top + height > 0);
  if (!shown) return null;
  const share = shown.height > 0 ? Math.min(1, Math.max(0, -shown.top / shown.height)) : 0;
  return { end_id: end.id, turn_id: shown.id, share: Math.round(share * 1000) / 1000 };
}

const NEAR = 0.01;

/** Whether two places are one for whoever reads. */
export const samePlace = (one: Place | null, other: Place | null): boolean =>
  one === null || other === null
    ? one === other
    : one.end_id === other.end_id &&
      one.turn_id === other.turn_id &&
      Math.abs(one.share - other.share) < NEAR;
