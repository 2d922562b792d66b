import { describe, expect, test } from "vitest";
import { csvCell, toCsv } from "./csv";
import { row, unrated } from "./testing";

test("commas, quotes and line breaks are quoted, and quotes doubled", () => {
  expect(csvCell("a,b")).toBe('"a,b"');
  expect(csvCell('say "hi"')).toBe('"say ""hi"""');
  expect(csvCell("a\nb")).toBe('"a\nb"');
  expect(csvCell("plain")).toBe("plain");
});

describe("a text that a spreadsheet would run", () => {
  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "\r=1"])(
    "%j gets an apostrophe",
    (text) => {
      expect(csvCell(text).replace(/^"/, "")).toMatch(/^'/);
    },
  );

  test("stays harmless when it must be quoted too", () => {
    expect(csvCell('=HYPERLINK("x","y")')).toBe('"\'=HYPERLINK(""x"",""y"")"');
  });
});

test("a negative number stays a number", () => {
  expect(csvCell(-12.5)).toBe("-12.5");
});

test("each row is a line with as many cells as the head, and what is missing is empty", () => {
  const [head, first, second, end] = toCsv([
    row("a", { name: "=cmd", price: { input: 0.5, output: 2 } }),
    unrated("b"),
  ]).split("\r\n");
  const columns = head?.split(",") ?? [];
  expect(columns.slice(0, 2)).toEqual(["contestant", "name"]);
  expect(first).toMatch(/^a,'=cmd,,,1,1,1,1000,990,1010,/);
  expect(first).toMatch(/,0\.5,2,$/);
  expect(second?.split(",")).toHaveLength(columns.length);
  expect(second?.split(",")[columns.indexOf("rating")]).toBe("");
  expect(end).toBe("");
});
