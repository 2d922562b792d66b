import type { Battle, Conversation, SideName, Turn } from "../../api/types";
import { battleOf } from "./turnState";

type GoesOn = `${NonNullable<Battle["carried"]>["by"]}:${SideName}` | "none:";

/** Why a pair took the place of the one before; for blind battles also from whose answer it goes on, and why. */
export type Instead = `${NonNullable<Battle["instead_because"]>}:${GoesOn}` | "retiredNamed";

/**
 * That of the battle which begins with a turn of the branch; nothing where its author asked for it, nor where
 * those whose names are known go on themselves. In one word, so that what has not changed is seen to be the
 * same.
 */
export function insteadOf(conversation: Conversation, branch: Turn[], index: number): Instead | undefined {
  const turn = branch[index];
  const before = branch[index - 1];
  const battle = turn && battleOf(conversation, turn);
  if (!battle?.instead_because || !before || before.battle_id === battle.id) return undefined;
  if (battle.mode !== "battle") return battle.instead_because === "retired" ? "retiredNamed" : undefined;
  const carried = battleOf(conversation, before)?.carried;
  return `${battle.instead_because}:${carried ? (`${carried.by}:${carried.side}` as const) : "none:"}`;
}
