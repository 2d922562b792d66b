import { expect, test } from "vitest";
import { expectedScore } from "./expectedScore";

test("400 points are odds of ten to one", () => {
  expect(expectedScore(1400, 1000)).toBeCloseTo(10 / 11, 12);
  expect(expectedScore(1000, 1400)).toBeCloseTo(1 / 11, 12);
});

test("equals score one half, and the scores of a pair add up to one", () => {
  expect(expectedScore(873, 873)).toBe(0.5);
  expect(expectedScore(1095, 905) + expectedScore(905, 1095)).toBeCloseTo(1, 12);
});
