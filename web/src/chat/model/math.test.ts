import { describe, expect, it } from "vitest";
import { hasMath, normaliseMath } from "./math";

describe("formulas by any delimiter", () => {
  it.each([
    ["the area is $\\pi r^2$.", "the area is $$\\pi r^2$$."],
    ["the area is \\(\\pi r^2\\).", "the area is $$\\pi r^2$$."],
    ["\\( x \\)，中文", "$$x$$，中文"],
    ["$a$ and $b$", "$$a$$ and $$b$$"],
    ["a lone $x$", "a lone $$x$$"],
  ])("%s stays within its line", (text, expected) => {
    expect(normaliseMath(text)).toBe(expected);
  });

  it.each(["$$x = 1$$", "\\[x = 1\\]", "\\[\n  x = 1\n\\]"])("%s stands on lines of its own", (text) => {
    expect(normaliseMath(text)).toBe("$$\nx = 1\n$$");
  });

  it("takes a displayed formula out of the middle of a line", () => {
    expect(normaliseMath("so \\[x\\] holds")).toBe("so \n$$\nx\n$$\n holds");
  });

  it("keeps a displayed formula within its list item", () => {
    expect(normaliseMath("1. then\n   \\[x\\]\n2. next")).toBe("1. then\n   $$\n   x\n   $$\n2. next");
    expect(normaliseMath("- \\[x\\]\n- b")).toBe("- $$\n  x\n  $$\n- b");
  });

  it("keeps a displayed formula within its quotation", () => {
    expect(normaliseMath("> \\[x\\]")).toBe("> $$\n> x\n> $$");
  });
});

describe("what only looks like a formula", () => {
  it.each([
    "It costs $5 and $10.",
    "from $5-$10 to $20",
    "US$ 5 or 5$ each",
    "echo $HOME and $PATH",
    "escaped \\$5 and \\$6$",
    "`$x$` and `\\(y\\)`",
    "``a ` $x$``",
    "```sh\necho $A$B \\[x\\]\n```",
    "~~~\n$$\n~~~",
    "a line \\\\[2pt] break",
    "an empty $$$$ one",
  ])("%s is left alone", (text) => {
    expect(normaliseMath(text)).toBe(text);
  });

  it("does not look across an empty line", () => {
    expect(normaliseMath("\\[ not closed\n\nnext \\]")).toBe("\\[ not closed\n\nnext \\]");
  });
});

describe("while an answer streams", () => {
  it("holds half a formula back", () => {
    expect(normaliseMath("so \\[ x^2", true)).toBe("so ");
    expect(normaliseMath("so $$ x^2", true)).toBe("so ");
    expect(normaliseMath("so \\(x", true)).toBe("so ");
  });

  it("shows it as text when the answer ends with it", () => {
    expect(normaliseMath("so \\[ x^2")).toBe("so \\[ x^2");
  });

  it("does not hold back a price, nor an unfinished block of code", () => {
    expect(normaliseMath("only $5", true)).toBe("only $5");
    expect(normaliseMath("```sh\necho $$", true)).toBe("```sh\necho $$");
  });
});

it("knows whether the typesetter is needed", () => {
  expect(hasMath(normaliseMath("It costs $5 and $10."))).toBe(false);
  expect(hasMath(normaliseMath("Here $x$."))).toBe(true);
});
