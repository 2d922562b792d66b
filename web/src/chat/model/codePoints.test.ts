import { describe, expect, it } from "vitest";
import { codePointLength, replaceFrom } from "./codePoints";

describe("offsets in code points", () => {
  it("counts an emoji and a rare Chinese character as one each", () => {
    expect(codePointLength("a😀𠮷b")).toBe(4);
  });

  it("appends at the end", () => {
    expect(replaceFrom("你好", 2, "，世界")).toBe("你好，世界");
  });

  it("appends behind characters that take two UTF-16 units", () => {
    expect(replaceFrom("😀😀", 2, "!")).toBe("😀😀!");
  });

  it("replaces what a repeated delta brings again", () => {
    expect(replaceFrom("one two", 3, " two three")).toBe("one two three");
    expect(replaceFrom("😀 two", 1, " 2")).toBe("😀 2");
  });

  it("says when something in between is missing", () => {
    expect(replaceFrom("ab", 3, "d")).toBeNull();
  });
});
