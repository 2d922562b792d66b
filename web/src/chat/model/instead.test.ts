import { describe, expect, it } from "vitest";
import { insteadOf } from "./instead";
import { battle, conversation, turn } from "./samples";

const branch = [turn({ id: "1", battle_id: "x" }), turn({ id: "2", parent_id: "1", battle_id: "y" })];
const known = (mode: "battle" | "direct") =>
  conversation({
    turns: branch,
    battles: [
      battle({ id: "x", mode, carried: { side: "b", by: "draw" } }),
      battle({ id: "y", mode, instead_because: "retired" }),
    ],
  });

describe("a pair that took the place of another", () => {
  it("says why and from whose answer it goes on", () => {
    expect(insteadOf(known("battle"), branch, 1)).toBe("retired:b");
  });

  it("says nothing of sides whose names are known", () => {
    expect(insteadOf(known("direct"), branch, 1)).toBe("retiredNamed:");
  });

  it("says nothing where it did not", () => {
    expect(insteadOf(known("battle"), branch, 0)).toBeUndefined();
  });

  it("says it once", () => {
    const later = [...branch, turn({ id: "3", parent_id: "2", battle_id: "y" })];
    expect(insteadOf({ ...known("battle"), turns: later }, later, 2)).toBeUndefined();
  });
});
