import type { Battle, Conversation, Response, Turn } from "../../api/types";

export const isLive = (response: Response) => response.status === "queued" || response.status === "streaming";

export const newestTurn = (conversation: Conversation): Turn | undefined => conversation.turns.at(-1);

export const battleOf = (conversation: Conversation, turn: Turn): Battle | undefined =>
  conversation.battles.find((battle) => battle.id === turn.battle_id);

/** Whether anything may still arrive for the newest turn, so that its stream must be followed. */
export function isFollowed(conversation: Conversation): boolean {
  const turn = newestTurn(conversation);
  if (!turn) return false;
  const battle = battleOf(conversation, turn);
  return turn.responses.some(isLive) || battle?.status === "drawn" || battle?.status === "running";
}

/** Whether a side of the turn is still being answered. */
export const isAnswering = (turn: Turn): boolean => turn.responses.some(isLive);

/** Whether a turn waits for its calls to begin: it alone, never a side, and only while neither side has anything. */
export const standsInLine = (turn: Turn, battle: Battle): boolean =>
  battle.in_line === true &&
  turn.responses.every((response) => isLive(response) && response.parts.length === 0);

/** Whether what failed or was stopped in a turn may be asked again: nothing was asked since, and no vote was cast. */
export function canRetry(conversation: Conversation, turn: Turn): boolean {
  const battle = battleOf(conversation, turn);
  const open = battle?.status === "failed" || (battle?.status === "ready" && !battle.vote);
  return turn === newestTurn(conversation) && open;
}

/** What the vote bar of a battle's newest turn says and allows. */
export type VoteStage = "none" | "waiting" | "open" | "blocked" | "left" | "voted";

/**
 * `none`: there is nothing to vote on (one model alone); `waiting`: a side still writes; `blocked`: a side failed, so that
 * no fair vote is possible; `left`: the reader went on without a vote.
 */
export function voteStage(turn: Turn, battle: Battle): VoteStage {
  if (battle.mode === "direct") return "none";
  if (battle.vote && !battle.final_at) return "voted";
  if (battle.status === "skipped" || battle.status === "abandoned") return "left";
  if (isAnswering(turn)) return "waiting";
  if (battle.status === "failed" || turn.responses.some(({ status }) => status === "failed"))
    return "blocked";
  return battle.status === "ready" ? "open" : "waiting";
}

/** Whether the names wait for a guess: later than a hold could be. Then the vote is not taken back any more. */
export const isPutOff = ({ vote, final_at }: Battle): boolean =>
  !!vote && !!final_at && Date.parse(final_at) - Date.parse(vote.cast_at) > 10_000;

export const promptText = (turn: Turn): string => turn.parts.map((part) => part.text).join("\n\n");

/** A response's text of one kind; several parts are apart by an empty line. */
export function textOf(response: Response, kind: "text" | "reasoning"): string {
  return response.parts
    .filter((part) => part.kind === kind)
    .map((part) => part.text)
    .join("\n\n");
}
