import { expect, test } from "vitest";
import { axisFor } from "./axis";
import { row, unrated } from "./testing";

test("all intervals lie within the axis, in order and to scale", () => {
  const axis = axisFor([row("a", { rating: 1200, lower: 1150, upper: 1250 }), row("b", { lower: 750 })]);
  const at = axis?.position ?? (() => Number.NaN);
  expect(at(750)).toBeGreaterThan(0);
  expect(at(1250)).toBeLessThan(100);
  expect(at(1100) - at(1000)).toBeCloseTo(at(1000) - at(900), 9);
});

test("ticks are round numbers within the axis", () => {
  const axis = axisFor([row("a", { lower: 917, upper: 1357 }), row("b", { lower: 643, upper: 1083 })]);
  expect(axis?.ticks).toEqual([800, 1000, 1200]);
});

test("without a rating there is no axis", () => {
  expect(axisFor([unrated("a")])).toBeNull();
});
