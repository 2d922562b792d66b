import { expect, it } from "vitest";
import { promptsOfTheDay } from "./promptsOfTheDay";

const DAY_MS = 86_400_000;
const prompts = Array.from({ length: 30 }, (_, index) => `prompt ${index}`);

it("shows every prompt once in five days", () => {
  const shown = [0, 1, 2, 3, 4].flatMap((day) => promptsOfTheDay(prompts, day * DAY_MS));
  expect(new Set(shown).size).toBe(30);
});

it("shows the same six all day, and six of them at the list's end too", () => {
  const day = 20_000 * DAY_MS;
  expect(promptsOfTheDay(prompts, day + 1)).toEqual(promptsOfTheDay(prompts, day + DAY_MS - 1));
  expect(promptsOfTheDay(prompts.slice(0, 7), DAY_MS)).toHaveLength(6);
});
