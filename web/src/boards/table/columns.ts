import type { Board } from "../model/board";

/** Which columns a board has. They follow the whole board, so that a filter does not move them. */
export interface Columns {
  price: boolean;
  context: boolean;
}

export function columnsOf(board: Board): Columns {
  return {
    price: board.rows.some((row) => row.price !== null),
    context: board.rows.some((row) => row.context !== null),
  };
}

/** Narrow pages fold a row to rank, name, dot and interval. */
export const WIDE = "hidden @2xl:table-cell";
export const WIDEST = "hidden @4xl:table-cell";
