import { expect, test } from "vitest";
import { groupRows } from "./groups";
import { board, row, unrated } from "./testing";

const bands = (groups: ReturnType<typeof groupRows>) =>
  groups.map(({ kind, rows }) => [
    kind,
    ...rows.map(({ row: { contestant }, band }) => `${contestant} ${band}`),
  ]);

const a = row("a", { rank_best: 1, rank_worst: 1, separated_from_next: true });
const b = row("b", { rank_best: 2, rank_worst: 4 });
const c = row("c", { rank_best: 2, rank_worst: 4 });
const d = row("d", { rank_best: 2, rank_worst: 4, separated_from_next: true });
const e = row("e", { rank_best: 5, rank_worst: 5 });

test("rows that are not separated share a band", () => {
  const whole = board([a, b, c, d, e]);
  expect(bands(groupRows(whole, whole.rows))).toEqual([
    ["ranked", "a alone", "b first", "c middle", "d last", "e alone"],
  ]);
});

test("a filter that hides the rows between two does not part them within a band", () => {
  const whole = board([a, b, c, d, e]);
  expect(bands(groupRows(whole, [b, d, e]))).toEqual([["ranked", "b first", "d last", "e alone"]]);
});

test("rows of two bands are not parted while their rank intervals overlap", () => {
  const wide = row("b", { rank_best: 1, rank_worst: 5 });
  const whole = board([a, wide, c, d, e]);
  expect(bands(groupRows(whole, [wide, e]))).toEqual([["ranked", "b first", "e last"]]);
});

test("islands are groups of their own, and contestants without votes come apart from both", () => {
  const island = (name: string, component: number) =>
    row(name, { component, reason: "not_connected", rank: null, rank_best: null, rank_worst: null });
  const whole = board([island("a", 0), island("b", 0), island("c", 1), unrated("d")], { connected: false });
  expect(bands(groupRows(whole, whole.rows))).toEqual([
    ["island", "a first", "b last"],
    ["island", "c alone"],
    ["unrated", "d none"],
  ]);
});

test("neighbours are those shown, and never across groups", () => {
  const whole = board([a, b, c, unrated("z")]);
  const [ranked, rest] = groupRows(whole, [a, c, unrated("z")]);
  expect(ranked?.rows[0]).toMatchObject({ above: null, below: { contestant: "c" } });
  expect(ranked?.rows[1]).toMatchObject({ above: { contestant: "a" }, below: null });
  expect(rest?.rows[0]).toMatchObject({ above: null, below: null });
});
