import { describe, expect, it } from "vitest";
import type { Battle } from "../../api/types";
import { insteadOf } from "./instead";
import { battle, conversation, turn } from "./samples";

const branch = [turn({ id: "1", battle_id: "x" }), turn({ id: "2", parent_id: "1", battle_id: "y" })];
const known = (
  mode: Battle["mode"],
  instead_because: Battle["instead_because"] = "retired",
  carried: Battle["carried"] = { side: "b", by: "draw" },
) =>
  conversation({
    turns: branch,
    battles: [battle({ id: "x", mode, carried }), battle({ id: "y", mode, instead_because })],
  });

describe("a pair that took the place of another", () => {
  it("says why, from whose answer it goes on and what decided that", () => {
    expect(insteadOf(known("battle"), branch, 1)).toBe("retired:draw:b");
    const alone = known("battle", "abandoned", { side: "a", by: "only_answer" });
    expect(insteadOf(alone, branch, 1)).toBe("abandoned:only_answer:a");
  });

  it("says when no answer goes on", () => {
    expect(insteadOf(known("battle", "retired", null), branch, 1)).toBe("retired:none:");
  });

  it.each(["direct", "side_by_side"] as const)("says nothing of sides whose names are known (%s)", (mode) => {
    expect(insteadOf(known(mode), branch, 1)).toBe("retiredNamed");
    expect(insteadOf(known(mode, "abandoned"), branch, 1)).toBeUndefined();
  });

  it("says nothing where it did not", () => {
    expect(insteadOf(known("battle"), branch, 0)).toBeUndefined();
  });

  it("says it once", () => {
    const later = [...branch, turn({ id: "3", parent_id: "2", battle_id: "y" })];
    expect(insteadOf({ ...known("battle"), turns: later }, later, 2)).toBeUndefined();
  });
});
