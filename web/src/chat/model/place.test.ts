import { describe, expect, it } from "vitest";
import { placeOf, samePlace } from "./place";
import { conversation, turn } from "./samples";

const turns = [turn({ id: "1" }), turn({ id: "2", parent_id: "1" }), turn({ id: "2b", parent_id: "1" })];
const known = conversation({ turns });
const newest = [turns[0], turns[2]].filter((one) => one !== undefined);
const older = turns.slice(0, 2);
const laid = [
  { id: "1", top: -500, height: 400 },
  { id: "2b", top: -100, height: 400 },
];

describe("the place at which a conversation is left", () => {
  it("is the turn at the top of the view and how much of it lies above", () => {
    expect(placeOf(laid, false, newest, known)).toEqual({ end_id: "2b", turn_id: "2b", share: 0.25 });
  });

  it("is none at the end, where conversations open", () => {
    expect(placeOf(laid, true, newest, known)).toBeNull();
  });

  it("tells of an older branch also at its end", () => {
    expect(placeOf(laid.slice(0, 1), true, older, known)).toBeNull();
    expect(placeOf([{ id: "2", top: 10, height: 400 }], true, older, known)).toEqual({
      end_id: "2",
      turn_id: "2",
      share: 0,
    });
  });

  it("is the same within a hair", () => {
    const place = { end_id: "2", turn_id: "2", share: 0.5 };
    expect(samePlace(place, { ...place, share: 0.501 })).toBe(true);
    expect(samePlace(place, { ...place, share: 0.6 })).toBe(false);
    expect(samePlace(place, { ...place, end_id: "2b" })).toBe(false);
    expect(samePlace(place, null)).toBe(false);
    expect(samePlace(null, null)).toBe(true);
  });
});
