import type { Board, Row } from "./board";

/** A contestant with a rating, for tests; `set` says what is special about it. */
export function row(contestant: string, set: Partial<Row> = {}): Row {
  return {
    contestant,
    name: contestant,
    organization: null,
    license: null,
    price: null,
    context: null,
    rating: 1000,
    lower: 990,
    upper: 1010,
    rank: 1,
    rank_best: 1,
    rank_worst: 1,
    votes: 10,
    wins: 5,
    losses: 3,
    ties: 2,
    component: 0,
    preliminary: false,
    reason: null,
    separated_from_next: false,
    ...set,
  };
}

export function unrated(contestant: string): Row {
  const none = { rating: null, lower: null, upper: null, rank: null, rank_best: null, rank_worst: null };
  return row(contestant, { ...none, votes: 0, reason: "no_votes" });
}

export function board(rows: Row[], set: Partial<Board> = {}): Board {
  return {
    slug: "text",
    kind: "live",
    arena: "text",
    name: "Text",
    status: "established",
    connected: true,
    method: { model: "bradley-terry", fit: "newton", anchor: 1000, alpha: 0.05, ties: "half" },
    votes: 100,
    excluded: 0,
    updated_at: "2026-11-25T04:00:00Z",
    source: null,
    rows,
    ...set,
  };
}
