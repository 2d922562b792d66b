import type { Response } from "../api/types";
import type { Shared, SharedTurn } from "./endpoints";

/** A shared answer as the chat's own parts draw it. */
export const asResponse = (answer: SharedTurn["answers"][number]): Response => ({
  side: answer.side,
  status: answer.status,
  finish_reason: answer.finish_reason,
  error: answer.error,
  attempt: 1,
  parts: answer.text ? [{ index: 0, kind: "text", text: answer.text }] : [],
});

export const questionOf = (turn: SharedTurn): string => turn.parts.map(({ text }) => text).join("\n\n");

/** Whether a turn is the last of its battle, where the outcome stands. */
export const endsBattle = (shared: Shared, index: number): boolean =>
  shared.turns[index + 1]?.battle !== shared.turns[index]?.battle;
