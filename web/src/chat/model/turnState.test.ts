import { describe, expect, it } from "vitest";
import type { ResponseStatus } from "../../api/types";
import { battle, conversation, response, turn } from "./samples";
import { isFollowed, isPutOff, voteStage } from "./turnState";

const answered = (a: ResponseStatus, b: ResponseStatus) =>
  turn({ responses: [response("a", { status: a }), response("b", { status: b })] });

describe("when one can vote", () => {
  it("waits while a side writes", () => {
    expect(voteStage(answered("done", "streaming"), battle())).toBe("waiting");
  });

  it("waits until the server has called the battle ready", () => {
    expect(voteStage(answered("done", "done"), battle())).toBe("waiting");
  });

  it("opens when both have ended", () => {
    expect(voteStage(answered("done", "done"), battle({ status: "ready" }))).toBe("open");
  });

  it("opens after a stop, though the vote will not count", () => {
    expect(voteStage(answered("stopped", "stopped"), battle({ status: "ready" }))).toBe("open");
  });

  it("is blocked by a failed side", () => {
    expect(voteStage(answered("done", "failed"), battle({ status: "failed" }))).toBe("blocked");
  });

  it("opens side by side as well, where the names are known", () => {
    const known = battle({ mode: "side_by_side", status: "ready" });
    expect(voteStage(answered("done", "done"), known)).toBe("open");
  });

  it("is over in a battle that was left", () => {
    expect(voteStage(answered("done", "done"), battle({ status: "skipped" }))).toBe("left");
  });

  it("is nothing in direct mode", () => {
    expect(voteStage(answered("done", "done"), battle({ mode: "direct", status: "ready" }))).toBe("none");
  });
});

describe("when the stream is followed", () => {
  it("is while a side writes, and until the battle's end is known", () => {
    expect(isFollowed(conversation())).toBe(true);
    expect(isFollowed(conversation({ turns: [answered("done", "done")] }))).toBe(true);
  });

  it("is not once the battle is ready", () => {
    const ready = conversation({
      turns: [answered("done", "done")],
      battles: [battle({ status: "ready" })],
    });
    expect(isFollowed(ready)).toBe(false);
  });
});

describe("a vote whose names wait for a guess", () => {
  const held = (seconds: number) =>
    battle({
      vote: { id: "vote-1", choice: "a", counted: true, reason: null, cast_at: "2026-11-25T12:00:00Z" },
      final_at: new Date(Date.parse("2026-11-25T12:00:00Z") + seconds * 1000).toISOString(),
    });

  it("is told from one that is held", () => {
    expect(isPutOff(held(120))).toBe(true);
    expect(isPutOff(held(10))).toBe(false);
    expect(isPutOff(battle())).toBe(false);
  });
});
