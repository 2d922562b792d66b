import { describe, expect, test } from "vitest";
import { findingOf } from "./finding";
import { board, row, unrated } from "./testing";

const ranked = (name: string, best: number, worst: number) =>
  row(name, { rank_best: best, rank_worst: worst });
const of = (...rows: ReturnType<typeof row>[]) => {
  const whole = board(rows);
  return findingOf(whole, whole.rows);
};

describe("on the whole board", () => {
  test("who alone may be first is named", () => {
    expect(of(ranked("a", 1, 1), ranked("b", 2, 3), ranked("c", 2, 3))).toEqual({ key: "lead", name: "a" });
  });

  test("two that share first place are named, more are counted", () => {
    const last = ranked("z", 4, 4);
    expect(of(ranked("a", 1, 2), ranked("b", 1, 2), last)).toEqual({
      key: "two_lead",
      name: "a",
      other: "b",
    });
    expect(of(ranked("a", 1, 3), ranked("b", 1, 3), ranked("c", 1, 3), last)).toEqual({
      key: "share",
      count: 3,
    });
  });

  test("a row that may not be first does not share it, though it overlaps the leader", () => {
    expect(of(ranked("a", 1, 3), ranked("b", 2, 3), ranked("c", 2, 3))).toEqual({ key: "lead", name: "a" });
  });

  test("when every row may be first, nothing is told apart", () => {
    expect(of(ranked("a", 1, 2), ranked("b", 1, 2), unrated("c"))).toEqual({ key: "open", count: 2 });
  });

  test("without ratings there is no finding", () => {
    expect(of(unrated("a"))).toEqual({ key: "nothing" });
  });
});

test("islands have no order to find", () => {
  const island = (name: string, component: number) =>
    row(name, { component, rank_best: null, rank_worst: null });
  const whole = board([island("a", 0), island("b", 0), island("c", 1), island("d", 1)], { connected: false });
  expect(findingOf(whole, whole.rows)).toEqual({ key: "islands", count: 2 });
  expect(findingOf(whole, whole.rows.slice(0, 2))).toEqual({ key: "open", count: 2 });
});

test("under a filter the finding is about the rows shown", () => {
  const rows = [
    ranked("a", 1, 1),
    ranked("b", 2, 3),
    ranked("c", 2, 4),
    ranked("d", 4, 4),
    ranked("e", 5, 5),
  ];
  const whole = board(rows);
  expect(findingOf(whole, rows.slice(1))).toEqual({ key: "shown_share", count: 2 });
  expect(findingOf(whole, rows.slice(3))).toEqual({ key: "shown_lead", name: "d" });
  expect(findingOf(whole, rows.slice(4))).toEqual({ key: "single", name: "e" });
});
