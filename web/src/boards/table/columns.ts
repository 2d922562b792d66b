import type { Board } from "../model/board";

/** Which columns a board has. They follow the whole board, so that a filter does not move them. */
export interface Columns {
  price: boolean;
  context: boolean;
  /** How many there are in all. */
  count: number;
}

export function columnsOf(board: Board): Columns {
  const price = board.rows.some((row) => row.price !== null);
  const context = board.rows.some((row) => row.context !== null);
  return { price, context, count: 5 + Number(price) + Number(context) };
}

/** Narrow pages fold a row to rank, name, dot and interval. */
export const WIDE = "hidden @2xl:table-cell";
export const WIDEST = "hidden @4xl:table-cell";
