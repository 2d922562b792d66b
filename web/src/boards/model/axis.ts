import { isRated, type Row } from "./board";

export interface Axis {
  ticks: number[];
  /** Where a rating stands, in percent of the axis' length. */
  position: (rating: number) => number;
}

const MARGIN = 0.04;
const MOST_TICKS = 5;

/** One scale for all rows that are compared with each other; null when none of them has a rating. */
export function axisFor(rows: Row[]): Axis | null {
  const rated = rows.filter(isRated);
  if (rated.length === 0) return null;
  const lowest = Math.min(...rated.map((row) => row.lower));
  const highest = Math.max(...rated.map((row) => row.upper));
  const span = Math.max(highest - lowest, 1);
  const start = lowest - span * MARGIN;
  const length = span * (1 + 2 * MARGIN);
  const position = (rating: number) => ((rating - start) / length) * 100;
  return { ticks: roundTicks(start, start + length), position };
}

/** Numbers of the form 1, 2 or 5 times a power of ten within the bounds, at most {@link MOST_TICKS}. */
function roundTicks(start: number, end: number): number[] {
  const rough = (end - start) / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let tick = Math.ceil(start / step) * step; tick <= end; tick += step) ticks.push(tick);
  return ticks;
}
