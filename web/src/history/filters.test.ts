import { describe, expect, it } from "vitest";
import { asQuery, type Filters, isFiltered, readFilters, writeFilters } from "./filters";

const NOW = Date.parse("2026-11-25T15:30:00Z");

describe("the filters of the history", () => {
  it("are the same after a way through the address", () => {
    const filters: Filters = {
      query: "月亮",
      arena: "text",
      mode: "direct",
      voted: false,
      archived: true,
      pinned: true,
      folder: "none",
      within: "week",
    };
    expect(readFilters(writeFilters(filters))).toEqual(filters);
  });

  it("take a number for the text that it was, and nothing that they do not know", () => {
    const odd = { q: 7, mode: "none such", within: "toString", voted: "maybe" };
    expect(readFilters(odd)).toEqual({ ...readFilters({}), query: "7" });
  });

  it("leave the archive out, but for who searches", () => {
    expect(asQuery({ query: "" }, NOW).archived).toBe(false);
    expect(asQuery({ query: "x" }, NOW).archived).toBeUndefined();
    expect(asQuery({ query: "x", archived: true }, NOW).archived).toBe(true);
  });

  it("count whole days back", () => {
    expect(asQuery({ query: "", within: "week" }, NOW).since).toBe("2026-11-18T00:00:00.000Z");
  });

  it("are at rest when nothing is chosen", () => {
    expect(isFiltered(readFilters({}))).toBe(false);
    expect(isFiltered(readFilters({ voted: false }))).toBe(true);
  });
});
