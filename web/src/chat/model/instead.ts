import type { Battle, Conversation, SideName, Turn } from "../../api/types";
import { battleOf } from "./turnState";

/** Why a pair took the place of the one before, and from whose answer it goes on (blind battles alone). */
export type Instead = `${NonNullable<Battle["instead_because"]>}${"" | "Named"}:${SideName | ""}`;

/**
 * That of the battle which begins with a turn of the branch; nothing where its author asked for it. In one
 * word, so that what has not changed is seen to be the same.
 */
export function insteadOf(conversation: Conversation, branch: Turn[], index: number): Instead | undefined {
  const turn = branch[index];
  const before = branch[index - 1];
  const battle = turn && battleOf(conversation, turn);
  if (!battle?.instead_because || !before || before.battle_id === battle.id) return undefined;
  if (battle.mode !== "battle") return `${battle.instead_because}Named:`;
  return `${battle.instead_because}:${battleOf(conversation, before)?.carried?.side ?? ""}`;
}
