import { expect, it } from "vitest";
import { ownPage } from "./ownPage";

it.each(["/", "/boards/text?view=plot", "/c/0198c0de-0000-7000-8000-000000000000", "/boards/a.b#plot"])(
  "leaves %s as it is",
  (path) => expect(ownPage(path)).toBe(path),
);

it.each([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "/boards//evil.example",
  "/..//evil.example",
  "javascript:alert(1)",
  "/boards\n",
  "/api/v1/me",
  "",
  `/${"x".repeat(2000)}`,
])("goes to the first page in place of %j", (path) => expect(ownPage(path)).toBe("/"));
