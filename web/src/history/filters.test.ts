import { describe, expect, it, vi } from "vitest";
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

  it.each([
    ["Asia/Shanghai", "2026-11-17T16:00:00.000Z"],
    ["America/New_York", "2026-11-18T05:00:00.000Z"],
    ["UTC", "2026-11-18T00:00:00.000Z"],
  ])("count whole days back, as they begin where the reader is (%s)", (zone, since) => {
    vi.stubEnv("TZ", zone);
    expect(asQuery({ query: "", within: "week" }, NOW).since).toBe(since);
    vi.unstubAllEnvs();
  });

  it("are at rest when nothing is chosen", () => {
    expect(isFiltered(readFilters({}))).toBe(false);
    expect(isFiltered(readFilters({ voted: false }))).toBe(true);
  });
});
