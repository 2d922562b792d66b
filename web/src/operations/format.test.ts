import { expect, test } from "vitest";
import { makeFigureFormat } from "./format";

test("an interval has its unit once, and is in one piece", () => {
  const format = makeFigureFormat("en");
  expect(format.interval(0.264, 0.631).replaceAll("\u2060", "")).toBe("26–63%");
  expect(format.interval(0, 1)).not.toContain(" ");
  expect(makeFigureFormat("de").interval(0.1, 0.2)).not.toContain(" ");
});

test("days are those of UTC, wherever the reader is", () => {
  const format = makeFigureFormat("en-GB");
  expect(format.short("2026-11-24")).toBe("24 Nov 2026");
  expect(format.day("2026-11-24")).toBe("24 Nov");
  expect(makeFigureFormat("zh").short("2026-11-24")).toBe("2026年11月24日");
});
