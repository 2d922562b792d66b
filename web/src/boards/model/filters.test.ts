import { expect, test } from "vitest";
import { applyFilters, organizationsOf, readFilters, writeFilters } from "./filters";
import { board, row } from "./testing";

const none = { query: "", organizations: [], open: false };
const rows = [
  row("swift-1", { name: "Swift 1", organization: "Acme", license: "proprietary" }),
  row("reed", { name: "Reed", organization: "Acme", license: "MIT" }),
  row("oak-7b", { name: "Oak 7B", organization: "Forest, Inc.", license: "Apache-2.0" }),
  row("stray"),
];
const names = (filters: Partial<typeof none>) =>
  applyFilters(rows, { ...none, ...filters }).map(({ contestant }) => contestant);

test("without filters all rows are shown, in their order", () => {
  expect(names({})).toEqual(["swift-1", "reed", "oak-7b", "stray"]);
});

test("each word of a search must occur in the name, the slug or the organisation, in any case", () => {
  expect(names({ query: "acme SWIFT" })).toEqual(["swift-1"]);
  expect(names({ query: "  " })).toHaveLength(4);
});

test("open weights are those of a licence that is known and not proprietary", () => {
  expect(names({ open: true })).toEqual(["reed", "oak-7b"]);
});

test("filters go together, and organisations add up", () => {
  expect(applyFilters(rows, { ...none, organizations: ["Acme", "Forest, Inc."], open: true })).toHaveLength(
    2,
  );
  expect(applyFilters(rows, { query: "oak", organizations: ["Acme"], open: false })).toEqual([]);
});

test("what is written into the address is read from it again", () => {
  const filters = { query: "7", organizations: ["Acme", "Forest, Inc."], open: true };
  expect(readFilters({ ...writeFilters(filters) })).toEqual(filters);
});

test("filters at rest leave no trace in the address", () => {
  expect(Object.values(writeFilters(none)).filter((value) => value !== undefined)).toEqual([]);
});

test("an address that somebody mistyped is no filter, and a number is a text", () => {
  expect(readFilters({ q: ["a"], organization: {}, open: "maybe" })).toEqual(none);
  expect(readFilters({ q: 7 })).toEqual({ ...none, query: "7" });
});

test("organisations are counted, by name; contestants without one are left out", () => {
  expect(organizationsOf(board(rows))).toEqual([
    ["Acme", 2],
    ["Forest, Inc.", 1],
  ]);
});
