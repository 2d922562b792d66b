import { expect, it } from "vitest";
import { money } from "./numbers";

it.each([
  [0, "$0"],
  [0.5, "$0.50"],
  [15, "$15.00"],
  [0.000905, "$0.00091"],
  [0.04, "$0.040"],
])("%d dollars are written as %s", (dollars, written) => {
  expect(money(dollars, "en")).toBe(written);
});
