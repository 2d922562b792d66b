import { expect, it } from "vitest";
import { filledIn, placeholdersOf } from "./placeholders";

it("finds what is to be filled in, each once and in order", () => {
  expect(placeholdersOf("From {{a city}} to {{ 目的地 }}, then back to {{a city}}.")).toEqual([
    "a city",
    "目的地",
  ]);
});

it("takes nothing else for something to be filled in", () => {
  for (const text of ["{a}", "{{}}", "{{ }}", "{{a\nb}}", `{{${"x".repeat(41)}}}`, "{{{a}"]) {
    expect(placeholdersOf(text)).toEqual([]);
  }
});

it("puts values everywhere and looks into none of them", () => {
  expect(filledIn("{{a}} and {{ a }} and {{b}}", { a: "$& {{b}}", b: "two" })).toBe(
    "$& {{b}} and $& {{b}} and two",
  );
});

it("leaves what has no value", () => {
  expect(filledIn("{{a}} to {{b}}", { a: "", b: "Rome" })).toBe("{{a}} to Rome");
});
