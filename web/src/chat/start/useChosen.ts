import { useState } from "react";
import type { Contestant, Mode } from "../../api/types";

/** How many contestants a mode takes by name. */
export const NAMED: Record<Mode, number> = { battle: 0, side_by_side: 2, direct: 1 };

/**
 * The contestants for a mode by name: those chosen, filled up with the first others, so that one can ask at once.
 *
 * Returns their slugs (fewer than the mode takes when there are not enough) and a setter by place.
 */
export function useChosen(
  mode: Mode,
  contestants: Contestant[],
): [string[], (place: number, slug: string) => void] {
  const [picked, setPicked] = useState<(string | undefined)[]>([]);
  const slugs = contestants.map(({ slug }) => slug);
  const chosen: string[] = [];
  for (let place = 0; place < NAMED[mode]; place += 1) {
    const wish = picked[place];
    const free = slugs.find((slug) => !chosen.includes(slug) && !picked.includes(slug));
    const slug = wish !== undefined && slugs.includes(wish) && !chosen.includes(wish) ? wish : free;
    if (slug !== undefined) chosen.push(slug);
  }
  const choose = (place: number, slug: string) =>
    setPicked(() => {
      // Choosing the other side's contestant swaps the two.
      const next: (string | undefined)[] = [...chosen];
      const elsewhere = next.indexOf(slug);
      if (elsewhere >= 0 && elsewhere !== place) next[elsewhere] = next[place];
      next[place] = slug;
      return next;
    });
  return [chosen, choose];
}
