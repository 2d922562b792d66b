const HOUR_MS = 3_600_000;

/**
 * How many hours ago something was at most, of which only the hour is known in which it was: at least 1.
 *
 * `hour` is that hour's begin, so what was a moment ago may seem to be up to an hour old.
 */
export const hoursAtMost = (hour: string, now = Date.now()): number =>
  Math.max(1, Math.floor((now - Date.parse(hour)) / HOUR_MS) + 1);
