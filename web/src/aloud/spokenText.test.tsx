// @vitest-environment happy-dom
import { cleanup, render, waitFor } from "@testing-library/react";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import Markdown from "../chat/markdown/Markdown";
import page from "../i18n/locales/en/page.json";
import { inPieces, spokenText } from "./spokenText";

beforeAll(async () => {
  // The typesetter wants to know that the page has a doctype.
  Object.defineProperty(document, "compatMode", { value: "CSS1Compat" });
  // Fetched here, so that no test waits for it by the clock.
  await import("../chat/markdown/mathPlugin");
  await i18next.use(initReactI18next).init({ lng: "en", resources: { en: { translation: page } } });
});
afterEach(cleanup);

const draw = (text: string) => render(<Markdown text={text} streaming={false} />).container;
const heard = (drawn: Element) =>
  spokenText(drawn, { formula: "formula", code: (name) => `code in ${name || "nothing"}` });

describe("what is read out of an answer", () => {
  it("is its words, without the signs of Markdown", () => {
    const text =
      "# A **title**\n\nSome *words* with `code` and a [link](https://example.org).\n\n---\n\n> quoted";
    expect(heard(draw(text))).toEqual(["A title", "Some words with code and a link.", "quoted"]);
  });

  it("has an item of a list at a time, numbered as it is", () => {
    expect(heard(draw("3. three\n4. four\n   - inner\n\nend"))).toEqual([
      "3. three",
      "4. four",
      "inner",
      "end",
    ]);
  });

  it("names a block of code and its language, and none of its signs", () => {
    expect(heard(draw("Look:\n\n```python\nx = 1\n```\n\n```\ny\n```"))).toEqual([
      "Look:",
      "code in python",
      "code in nothing",
    ]);
  });

  it("says of formulas that they are there", async () => {
    const drawn = draw("Since \\(x^2\\) grows,\n\n\\[y = x\\]\n\nholds.");
    await waitFor(() => expect(drawn.querySelectorAll(".katex")).toHaveLength(2));
    expect(heard(drawn)).toEqual(["Since formula grows,", "formula", "holds."]);
  });

  it("goes through a table row by row", () => {
    expect(heard(draw("|a|b|\n|-|-|\n|1|2|"))).toEqual(["a, b", "1, 2"]);
  });

  it("has nothing where there is nothing to say", () => expect(heard(draw("---\n\n…"))).toEqual([]));
});

describe("pieces", () => {
  it("are of some sentences each, and all of the text", () => {
    const block = "This is a sentence of some words. ".repeat(12).trim();
    const pieces = inPieces([block, "Another."], "en");
    expect(pieces.length).toBeGreaterThan(2);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(160);
    expect(pieces.join(" ")).toBe(`${block} Another.`);
  });

  it("are shorter in Chinese, where a sign takes longer to say", () => {
    const pieces = inPieces(["天空是蓝色的，因为空气散射阳光。".repeat(8)], "zh");
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(60);
  });

  it("break a sentence that never ends at its commas", () => {
    const pieces = inPieces(["and so on and on, ".repeat(30)], "en");
    expect(pieces.length).toBeGreaterThan(3);
  });
});
