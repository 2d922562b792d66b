import { expect, it } from "vitest";
import { hoursAtMost } from "./hoursAtMost";

const NOW = Date.parse("2026-11-29T10:59:00Z");

it.each([
  ["in this hour", "2026-11-29T10:00:00Z", 1],
  ["in the hour before", "2026-11-29T09:00:00Z", 2],
  ["yesterday", "2026-11-28T10:00:00Z", 25],
  ["by a clock that is ahead of this one", "2026-11-29T12:00:00Z", 1],
])("what was %s was at most so many hours ago", (_, hour, hours) => {
  expect(hoursAtMost(hour, NOW)).toBe(hours);
});
