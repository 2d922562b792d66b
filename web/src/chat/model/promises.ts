import type { Battle, Commitments, Conversation } from "../../api/types";
import { readSetting, writeSetting } from "../../app/settings";

const KEPT = 200;

type Promises = [battleId: string, commitments: Commitments][];

function read(): Promises {
  try {
    return JSON.parse(readSetting("commitments") ?? "[]") as Promises;
  } catch {
    return [];
  }
}

/**
 * Notes the commitments of battles when they are first seen.
 *
 * The reveal is checked against these, so that a server that changes its mind after the vote is found out, also
 * when the page was loaded anew in between.
 */
export function notePromises(battles: Pick<Battle, "id" | "commitments">[]): void {
  const known = read();
  const fresh = battles.filter(({ id }) => !known.some(([battleId]) => battleId === id));
  if (fresh.length === 0) return;
  const added: Promises = fresh.map(({ id, commitments }) => [id, commitments]);
  writeSetting("commitments", JSON.stringify([...known, ...added].slice(-KEPT)));
}

/** The commitments first seen for a battle; those it carries now when none were noted. */
export function promised(battle: Battle): Commitments {
  return read().find(([id]) => id === battle.id)?.[1] ?? battle.commitments;
}

export const noteConversation = (conversation: Conversation) => notePromises(conversation.battles);
