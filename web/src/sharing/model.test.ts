import { describe, expect, it } from "vitest";
import type { Shared } from "./endpoints";
import { asResponse, endsBattle, questionOf } from "./model";

const turn = (battle: number): Shared["turns"][number] => ({
  parts: [
    { type: "text", text: "Why" },
    { type: "text", text: "not?" },
  ],
  battle,
  answers: [{ side: "a", status: "done", finish_reason: "stop", error: null, text: "Because." }],
});

describe("a shared turn", () => {
  it("has its answer as the chat draws one", () => {
    const [answer] = turn(0).answers;
    if (!answer) throw new Error("no answer");
    expect(asResponse(answer).parts).toEqual([{ index: 0, kind: "text", text: "Because." }]);
    expect(asResponse({ ...answer, text: "" }).parts).toEqual([]);
  });

  it("has its question in one text", () => expect(questionOf(turn(0))).toBe("Why\n\nnot?"));

  it("ends its battle where another's follows, or none", () => {
    const shared = { turns: [turn(0), turn(0), turn(1)] } as Shared;
    expect([0, 1, 2].map((index) => endsBattle(shared, index))).toEqual([false, true, true]);
  });
});
