import type { Board, BoardRow as Row } from "../../api/types";

export type { Board, BoardRow as Row, BoardSummary } from "../../api/types";

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
