import type { Price } from "../../api/types";

/** What `GET /boards` and `GET /boards/{slug}` answer, by the names of the server's schemas. */

export type BoardKind = "live" | "imported";
export type BoardStatus = "empty" | "preliminary" | "established";
export type MissingReason = "no_votes" | "not_connected";

export interface BoardSummary {
  slug: string;
  name: string;
  kind: BoardKind;
  votes: number;
}

export interface Method {
  model: string;
  fit: string;
  /** The rating, in points, of the mean of all contestants. */
  anchor: number;
  /** 1 − confidence of all intervals. */
  alpha: number;
  ties: string;
}

export interface Row {
  contestant: string;
  name: string;
  organization: string | null;
  license: string | null;
  price: Price | null;
  context: number | null;
  rating: number | null;
  lower: number | null;
  upper: number | null;
  rank: number | null;
  rank_best: number | null;
  rank_worst: number | null;
  votes: number;
  wins: number;
  losses: number;
  ties: number;
  /** The group that comparisons join. */
  component: number;
  preliminary: boolean;
  reason: MissingReason | null;
  separated_from_next: boolean;
}

export interface Board {
  slug: string;
  kind: BoardKind;
  arena: string | null;
  name: string;
  status: BoardStatus;
  connected: boolean;
  method: Method;
  votes: number;
  votes_today?: number;
  updated_at: string;
  source: { name: string; url: string | null; note: string | null } | null;
  rows: Row[];
}

export interface Rated extends Row {
  rating: number;
  lower: number;
  upper: number;
}

export function isRated(row: Row): row is Rated {
  return row.rating !== null && row.lower !== null && row.upper !== null;
}

/** The confidence of the board's intervals in percent, e.g. 95. */
export function confidence(board: Board): number {
  return Math.round((1 - board.method.alpha) * 1000) / 10;
}
