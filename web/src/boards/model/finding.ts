import { type Board, isRated, type Row } from "./board";

/** What a plot of the shown rows says, as a key of the texts and what fills it. */
export type Finding =
  | { key: "nothing" }
  | { key: "islands"; count: number }
  | { key: "single"; name: string }
  | { key: "open"; count: number }
  | { key: "lead"; name: string }
  | { key: "two_lead"; name: string; other: string }
  | { key: "share"; count: number }
  | { key: "shown_lead"; name: string }
  | { key: "shown_share"; count: number };

/**
 * The one thing to take home from the shown rows: how many may be first.
 *
 * On the whole board these are the contestants whose rank interval holds place 1. Under a filter, where place 1
 * may be hidden, they are those whose rank interval overlaps that of the highest row.
 */
export function findingOf(board: Board, shown: Row[]): Finding {
  const rated = shown.filter(isRated);
  const [leader, second] = rated;
  if (!leader) return { key: "nothing" };
  if (!board.connected) {
    const islands = new Set(rated.map((row) => row.component)).size;
    if (islands > 1) return { key: "islands", count: islands };
  }
  if (!second) return { key: "single", name: leader.name };

  const whole = rated.length === board.rows.filter(isRated).length;
  const bound = whole ? 1 : (leader.rank_worst ?? Number.POSITIVE_INFINITY);
  const first = rated.filter((row) => (row.rank_best ?? 1) <= bound);
  if (first.length === rated.length) return { key: "open", count: rated.length };
  if (!whole) {
    return first.length <= 1
      ? { key: "shown_lead", name: leader.name }
      : { key: "shown_share", count: first.length };
  }
  if (first.length <= 1) return { key: "lead", name: leader.name };
  const other = first.find((row) => row !== leader);
  if (first.length === 2 && other) return { key: "two_lead", name: leader.name, other: other.name };
  return { key: "share", count: first.length };
}
