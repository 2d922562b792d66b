import { Problem } from "../api/problem";

/** What a page is told whose chat went on without it: in another tab, or by what was done and never answered. */
const CODES = [
  "already_running",
  "battle_not_ready",
  "nothing_to_retry",
  "vote_is_final",
  "not_revealed",
  "not_found",
  "idempotency_key_reused",
  "unreachable",
  "unavailable",
];

/** Whether the chat may be another than this page knows. */
export const mayHaveMissed = (error: unknown): boolean =>
  error instanceof Problem && CODES.includes(error.document.code);
