import type { Board, Row } from "./board";

export type BandPart = "alone" | "first" | "middle" | "last" | "none";

export interface PlacedRow {
  row: Row;
  /** Where the row stands in its band, a run of rows whose order the votes do not support; `none` without votes. */
  band: BandPart;
  /** The rows shown next to it on the same scale, null at an end. */
  above: Row | null;
  below: Row | null;
}

export interface Group {
  /** `ranked`: one scale and one order; `island`: a scale of its own; `unrated`: no votes yet. */
  kind: "ranked" | "island" | "unrated";
  key: string;
  rows: PlacedRow[];
}

/**
 * The shown rows of a board as they stand in its table, in the board's order.
 *
 * A filter never makes an order look better supported than it is: where it hides the rows between two, they
 * count as separated only if a separation lies between them and their rank intervals do not overlap.
 */
export function groupRows(board: Board, shown: Row[]): Group[] {
  const groups: Group[] = [];
  const positions = new Map(board.rows.map((row, index) => [row.contestant, index]));
  const bands = bandNumbers(board.rows);
  const position = (row: Row) => positions.get(row.contestant) ?? -1;

  for (const [key, rows] of partition(board, shown)) {
    const kind = key === "unrated" || key === "ranked" ? key : "island";
    const separated = (upper: Row, lower: Row): boolean => {
      const [high, low] = [position(upper), position(lower)];
      if (low === high + 1) return upper.separated_from_next;
      return bands[high] !== bands[low] && (upper.rank_worst ?? 0) < (lower.rank_best ?? 0);
    };
    groups.push({ kind, key, rows: kind === "unrated" ? rows.map(unplaced) : place(rows, separated) });
  }
  return groups;
}

function partition(board: Board, shown: Row[]): Map<string, Row[]> {
  const parts = new Map<string, Row[]>();
  for (const row of shown) {
    const island = board.connected ? "ranked" : `island-${row.component}`;
    const key = row.reason === "no_votes" ? "unrated" : island;
    parts.set(key, [...(parts.get(key) ?? []), row]);
  }
  return parts;
}

/** The band of each row, counted from the top of the whole board. */
function bandNumbers(rows: Row[]): number[] {
  let band = 0;
  return rows.map((row) => (row.separated_from_next ? band++ : band));
}

const unplaced = (row: Row): PlacedRow => ({ row, band: "none", above: null, below: null });

function place(rows: Row[], separated: (upper: Row, lower: Row) => boolean): PlacedRow[] {
  return rows.map((row, index) => {
    const above = rows[index - 1] ?? null;
    const below = rows[index + 1] ?? null;
    const opens = above === null || separated(above, row);
    const closes = below === null || separated(row, below);
    const band = opens ? (closes ? "alone" : "first") : closes ? "last" : "middle";
    return { row, band, above, below };
  });
}
