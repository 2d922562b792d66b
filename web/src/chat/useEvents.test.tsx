// @vitest-environment happy-dom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Conversation } from "../api/types";
import { conversation } from "./model/samples";
import { textOf } from "./model/turnState";
import { useEvents } from "./useEvents";

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 1;
  onopen?: () => void;
  onerror?: () => void;

  constructor() {
    super();
    FakeSource.opened.push(this);
  }

  close() {
    this.readyState = FakeSource.CLOSED;
  }

  tell(offset: number, text: string) {
    const data = { battle_id: "battle-1", turn_id: "turn-1", side: "a", attempt: 1, part: 0, kind: "text" };
    this.dispatchEvent(new MessageEvent("delta", { data: JSON.stringify({ ...data, offset, text }) }));
  }
}

let frames: (() => void)[] = [];
const drawFrame = () => act(() => frames.splice(0).forEach((frame) => void frame()));
const newest = () => FakeSource.opened.at(-1) as FakeSource;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  FakeSource.opened = [];
  frames = [];
  vi.stubGlobal("EventSource", FakeSource);
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => frames.push(frame));
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function follow() {
  let known: Conversation = conversation();
  const update = vi.fn((change: (known: Conversation) => Conversation) => {
    known = change(known);
  });
  const resync = vi.fn(async () => {});
  const hook = renderHook(({ active }) => useEvents("conversation-1", active, { update, resync }), {
    initialProps: { active: true },
  });
  const text = () => {
    const first = known.turns[0]?.responses[0];
    return first && textOf(first, "text");
  };
  return { ...hook, update, resync, text };
}

it("applies all that came within a frame at once", () => {
  const { update, text } = follow();
  newest().tell(0, "One");
  newest().tell(3, " two");
  drawFrame();
  expect(update).toHaveBeenCalledTimes(1);
  expect(text()).toBe("One two");
});

it("opens a refused stream afresh after reading the conversation anew, each time a little later", async () => {
  const { result, resync } = follow();
  for (const wait of [500, 1000]) {
    newest().close();
    act(() => newest().onerror?.());
    expect(result.current.connected).toBe(false);
    const before = FakeSource.opened.length;
    await act(() => vi.advanceTimersByTimeAsync(wait - 1));
    expect(FakeSource.opened).toHaveLength(before);
    await act(() => vi.advanceTimersByTimeAsync(1));
    expect(FakeSource.opened).toHaveLength(before + 1);
  }
  expect(resync).toHaveBeenCalledTimes(2);
  act(() => newest().onopen?.());
  expect(result.current.connected).toBe(true);
});

it("closes a gap by a fresh stream, which begins with the whole state", async () => {
  const { resync, text } = follow();
  newest().tell(0, "One");
  drawFrame();
  newest().tell(9, "lost something");
  drawFrame();
  expect(resync).toHaveBeenCalledTimes(1);
  await act(() => vi.advanceTimersByTimeAsync(500));
  newest().tell(0, "One two three");
  drawFrame();
  expect(FakeSource.opened).toHaveLength(2);
  expect(text()).toBe("One two three");
});

it.each(["offline", "online"])("begins afresh at once when the browser is %s", async (change) => {
  const { result, resync } = follow();
  const before = newest();
  act(() => void window.dispatchEvent(new Event(change)));
  expect(result.current.connected).toBe(false);
  expect(before.readyState).toBe(FakeSource.CLOSED);
  expect(resync).toHaveBeenCalledTimes(1);
  await act(() => vi.advanceTimersByTimeAsync(500));
  act(() => newest().onopen?.());
  expect(result.current.connected).toBe(true);
});

it("begins afresh when nothing was heard for too long, and not while there are signs of life", async () => {
  const { result, resync } = follow();
  for (let signs = 0; signs < 5; signs += 1) {
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    newest().dispatchEvent(new MessageEvent("here", { data: "{}" }));
  }
  expect(resync).not.toHaveBeenCalled();
  await act(() => vi.advanceTimersByTimeAsync(24_999));
  expect(result.current.connected).toBe(true);
  await act(() => vi.advanceTimersByTimeAsync(1));
  expect(result.current.connected).toBe(false);
  expect(resync).toHaveBeenCalledTimes(1);
  await act(() => vi.advanceTimersByTimeAsync(500));
  expect(FakeSource.opened.filter(({ readyState }) => readyState === 1)).toHaveLength(1);
});

it("opens one stream however often the network comes and goes meanwhile", async () => {
  follow();
  for (const change of ["offline", "online", "offline", "online"])
    act(() => void window.dispatchEvent(new Event(change)));
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  expect(FakeSource.opened.filter(({ readyState }) => readyState === 1)).toHaveLength(1);
});

it("opens the stream again although the conversation could not be read", async () => {
  const { resync } = follow();
  resync.mockRejectedValueOnce(new Error("unreachable"));
  newest().close();
  act(() => newest().onerror?.());
  await act(() => vi.advanceTimersByTimeAsync(500));
  expect(FakeSource.opened).toHaveLength(2);
});

it("closes the stream when nothing more is to come", () => {
  const { rerender } = follow();
  rerender({ active: false });
  expect(newest().readyState).toBe(FakeSource.CLOSED);
});
