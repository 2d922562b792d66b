const DAY_PX = 90;

/** How many names of days have room beside each other. */
export const roomFor = (width: number): number => Math.max(2, Math.floor(width / DAY_PX));

/** At most so many of the items, as far apart as each other, from the first on. */
export function everySo<Item>(items: readonly Item[], most: number): Item[] {
  const step = Math.ceil(items.length / most);
  return items.filter((_, index) => index % step === 0);
}
