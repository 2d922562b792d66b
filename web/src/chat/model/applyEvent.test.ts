import { describe, expect, it } from "vitest";
import type { Conversation, SideName } from "../../api/types";
import { applyEvent, OutOfStep } from "./applyEvent";
import type { DeltaEvent, ResponseEvent, StreamEvent } from "./events";
import { battle, conversation, response, turn } from "./samples";
import { textOf } from "./turnState";

const ids = { battle_id: "battle-1", turn_id: "turn-1", attempt: 1 };
const delta = (fields: Partial<DeltaEvent>): DeltaEvent => ({
  type: "delta",
  ...ids,
  side: "a",
  part: 0,
  kind: "text",
  offset: 0,
  text: "",
  ...fields,
});
const ended = (fields: Partial<ResponseEvent>): ResponseEvent => ({
  type: "response",
  ...ids,
  side: "a",
  status: "done",
  ...fields,
});

const following = (start: Conversation, ...events: StreamEvent[]) => events.reduce(applyEvent, start);
const side = (known: Conversation, name: SideName) => {
  const found = known.turns.at(-1)?.responses.find((one) => one.side === name);
  if (!found) throw new Error(`no side ${name}`);
  return found;
};

describe("a conversation follows its stream", () => {
  it("puts deltas of both sides together", () => {
    const known = following(
      conversation(),
      delta({ text: "One" }),
      delta({ side: "b", text: "Zwei" }),
      delta({ offset: 3, text: " two" }),
    );
    expect(textOf(side(known, "a"), "text")).toBe("One two");
    expect(textOf(side(known, "b"), "text")).toBe("Zwei");
    expect(side(known, "a").status).toBe("streaming");
  });

  it("takes the state that a reconnection repeats without doubling it", () => {
    const known = following(conversation(), delta({ text: "One two" }), delta({ text: "One two thr" }));
    expect(textOf(side(known, "a"), "text")).toBe("One two thr");
  });

  it("keeps reasoning and answer apart", () => {
    const known = following(
      conversation(),
      delta({ kind: "reasoning", text: "hm" }),
      delta({ part: 1, text: "Yes." }),
    );
    expect(textOf(side(known, "a"), "reasoning")).toBe("hm");
    expect(textOf(side(known, "a"), "text")).toBe("Yes.");
  });

  it("begins anew with a later attempt and ignores what is left of an earlier one", () => {
    const known = following(
      conversation(),
      delta({ text: "first try" }),
      delta({ attempt: 2, text: "second" }),
      delta({ attempt: 1, offset: 9, text: " too late" }),
      ended({ attempt: 1, status: "failed", error: "failed" }),
    );
    expect(textOf(side(known, "a"), "text")).toBe("second");
    expect(side(known, "a").status).toBe("streaming");
  });

  it("asks to be read anew when a delta is missing", () => {
    expect(() => following(conversation(), delta({ offset: 5, text: "x" }))).toThrow(OutOfStep);
  });

  it("asks to be read anew for a turn that another tab began", () => {
    expect(() => following(conversation(), delta({ turn_id: "turn-9", text: "x" }))).toThrow(OutOfStep);
  });

  it("moves to the new battle on a redraw, keeping the healthy answer alone", () => {
    const known = following(
      conversation(),
      delta({ text: "healthy" }),
      delta({ side: "b", text: "bro" }),
      ended({ side: "b", status: "failed", error: "overloaded" }),
      { type: "battle", id: "battle-1", turn_id: "turn-1", status: "redrawn", redrawn_to: "battle-2" },
      {
        type: "battle",
        id: "battle-2",
        turn_id: "turn-1",
        status: "running",
        commitments: { a: "cc", b: "dd" },
      },
      delta({ side: "b", offset: 3, text: "ken" }),
      delta({ battle_id: "battle-2", side: "b", attempt: 2, text: "new" }),
    );
    expect(known.turns[0]?.battle_id).toBe("battle-2");
    expect(textOf(side(known, "a"), "text")).toBe("healthy");
    expect(textOf(side(known, "b"), "text")).toBe("new");
    expect(known.battles.map(({ id, status }) => [id, status])).toEqual([
      ["battle-1", "redrawn"],
      ["battle-2", "running"],
    ]);
  });

  it("knows that the turn stands in line until an event of the battle no longer says so", () => {
    const told: StreamEvent = { type: "battle", id: "battle-1", turn_id: "turn-1", status: "running" };
    const known = following(conversation(), { ...told, in_line: true });
    expect(known.battles[0]?.in_line).toBe(true);
    expect(following(known, told).battles[0]?.in_line).toBe(false);
  });

  it("never lets an event change a commitment", () => {
    const known = following(conversation(), {
      type: "battle",
      id: "battle-1",
      turn_id: "turn-1",
      status: "ready",
      commitments: { a: "forged", b: "forged" },
    });
    expect(known.battles[0]?.commitments).toEqual({ a: "aa", b: "bb" });
  });

  it("asks to be read anew when the vote was cast elsewhere", () => {
    expect(() =>
      following(conversation(), { type: "battle", id: "battle-1", turn_id: "turn-1", status: "revealed" }),
    ).toThrow(OutOfStep);
  });

  it("leaves earlier turns untouched, so that they are not drawn again", () => {
    const old = turn({ id: "turn-0", responses: [response("a", { status: "done" })] });
    const start = conversation({ turns: [old, turn()], battles: [battle()] });
    expect(following(start, delta({ text: "x" })).turns[0]).toBe(old);
  });
});
