import { expect, test } from "vitest";
import en from "./locales/en.json";
import zh from "./locales/zh.json";

/** Keys with their dots; Chinese has no singular, so English `_one` has no counterpart. */
function keys(texts: object, prefix = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string" ? [`${prefix}${key}`] : keys(value, `${prefix}${key}.`),
  );
}

const placeholders = (texts: object) =>
  Object.fromEntries(
    keys(texts).map((key) => {
      const text = key
        .split(".")
        .reduce((node: unknown, part) => (node as Record<string, unknown>)[part], texts);
      return [key, [...String(text).matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()];
    }),
  );

test("both languages say the same things, with the same values in them", () => {
  const english = Object.entries(placeholders(en)).filter(([key]) => !key.endsWith("_one"));
  expect(placeholders(zh)).toEqual(Object.fromEntries(english));
});
