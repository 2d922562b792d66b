import { describe, expect, it } from "vitest";
import { branchThrough, versionOf } from "./branches";
import { turn } from "./samples";

const asked = (id: string, parent_id: string | null) => turn({ id, parent_id });

// One question, a follow-up, the follow-up in other words with one more after it, and the first question anew.
const [one, two, other, three, anew] = [
  asked("one", null),
  asked("two", "one"),
  asked("other", "one"),
  asked("three", "other"),
  asked("anew", null),
] as const;
const turns = [one, two, other, three, anew];
const shown = (through: string | null, of = turns) => branchThrough(of, through).map(({ id }) => id);

describe("the branch that is shown", () => {
  it("is the newest turn's, as long as none was chosen", () => {
    expect(shown(null)).toEqual(["anew"]);
    expect(shown(null, [one, two, other, three])).toEqual(["one", "other", "three"]);
  });

  it("goes through the chosen turn to the newest that follows from it", () => {
    expect(shown("one")).toEqual(["one", "other", "three"]);
    expect(shown("two")).toEqual(["one", "two"]);
    expect(shown("other")).toEqual(["one", "other", "three"]);
  });

  it("is the newest turn's when the chosen one is not there", () => {
    expect(shown("gone")).toEqual(["anew"]);
  });

  it("is nothing where nothing was asked", () => {
    expect(shown(null, [])).toEqual([]);
  });
});

describe("the versions of a question", () => {
  it("are the turns with the same one before them", () => {
    expect(versionOf(turns, two)).toEqual({ number: 1, count: 2, earlier: undefined, later: "other" });
    expect(versionOf(turns, anew)).toEqual({ number: 2, count: 2, earlier: "one", later: undefined });
    expect(versionOf(turns, three).count).toBe(1);
  });
});
