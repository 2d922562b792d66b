import { expect, test } from "vitest";
import { makeFormat, rankInterval, spread } from "./format";
import type { Rated } from "./model/board";
import { row } from "./model/testing";

const format = makeFormat("en");
const rated = (rating: number, lower: number, upper: number) => row("a", { rating, lower, upper }) as Rated;

test("an even interval is written with ±, an uneven one with its ends", () => {
  expect(spread(rated(1204, 1199.3, 1208.6), format)).toBe("± 5");
  expect(spread(rated(1095, 917, 1357), format)).toBe("[917, 1357]");
});

test("a rank interval of one place is that place", () => {
  expect(rankInterval(row("a", { rank_best: 1, rank_worst: 3 }))).toBe("1–3");
  expect(rankInterval(row("a", { rank_best: 2, rank_worst: 2 }))).toBe("2");
  expect(rankInterval(row("a", { rank_best: null, rank_worst: null }))).toBeNull();
});

test("votes are grouped, ratings are not, and nothing is minus zero", () => {
  expect(format.count(1670250)).toBe("1,670,250");
  expect(format.points(1203.6)).toBe("1204");
  expect(format.points(-0.2)).toBe("0");
  expect(format.points(-12.4)).toBe("−12");
});
