const DAY_MS = 86_400_000;
const SHOWN = 6;

/** Six of the prompts, other ones each day (of UTC), the same for everybody. */
export function promptsOfTheDay(prompts: readonly string[], now = Date.now()): string[] {
  const first = (Math.floor(now / DAY_MS) * SHOWN) % Math.max(1, prompts.length);
  return [...prompts.slice(first), ...prompts.slice(0, first)].slice(0, SHOWN);
}
