import type { HistoryQuery } from "../api/endpoints";

/** What the history page shows; what is left out lets everything through. */
export interface Filters {
  query: string;
  arena?: string;
  mode?: HistoryQuery["mode"];
  voted?: boolean;
  /** The archive is a place of its own, which a search looks into as well. */
  archived?: boolean;
  pinned?: boolean;
  /** A folder's id, or `none`. */
  folder?: string;
  within?: Within;
}

export const WITHIN_DAYS = { week: 7, month: 30, year: 365 } as const;
export type Within = keyof typeof WITHIN_DAYS;

const MODES: readonly unknown[] = ["battle", "side_by_side", "direct"];

/** The router reads `?q=7` as a number. */
const text = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;

const flag = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);

/** Filters as they stand in the address. */
export function readFilters(address: Record<string, unknown>): Filters {
  const within = text(address.within);
  return {
    query: text(address.q) ?? "",
    arena: text(address.arena),
    mode: MODES.includes(address.mode) ? (address.mode as Filters["mode"]) : undefined,
    voted: flag(address.voted),
    archived: flag(address.archived),
    pinned: flag(address.pinned),
    folder: text(address.folder),
    within: within && Object.hasOwn(WITHIN_DAYS, within) ? (within as Within) : undefined,
  };
}

/** The same, to be put into the address. */
export const writeFilters = ({ query, ...rest }: Filters): Record<string, unknown> => ({
  q: query || undefined,
  ...rest,
});

/** Whether something is left out; a folder, or the archive, is a place rather than a filter. */
export const isFiltered = ({ query, archived: _, folder: __, ...rest }: Filters): boolean =>
  query !== "" || Object.values(rest).some((value) => value !== undefined);

/** What the server is asked for. Days are whole, the reader's own, so that the same list is asked for the same way. */
export function asQuery({ query, within, archived, ...rest }: Filters, now = Date.now()): HistoryQuery {
  return {
    ...rest,
    query: query || undefined,
    archived: archived ?? (query ? undefined : false),
    since: within && daysBefore(now, WITHIN_DAYS[within]),
  };
}

/** The midnight so many days before, by the calendar: days on which clocks are changed are not of 24 hours. */
function daysBefore(now: number, days: number): string {
  const day = new Date(now);
  day.setDate(day.getDate() - days);
  day.setHours(0, 0, 0, 0);
  return day.toISOString();
}
