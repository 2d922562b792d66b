import type { Board, Row } from "./board";

export interface Filters {
  /** Words that the name or the organisation must hold. */
  query: string;
  organizations: string[];
  /** Only contestants whose weights anyone can have. */
  open: boolean;
}

/** How filters stand in the address, as the router parses it; what is at rest is left out. */
export interface Address {
  q?: string;
  organization?: string;
  open?: true;
}

/** Between organisations in the address: one of the few characters that is written as it is. */
const SEPARATOR = "*";

export function readFilters(address: Record<string, unknown>): Filters {
  const organizations = text(address.organization).split(SEPARATOR).filter(Boolean);
  return { query: text(address.q), organizations, open: address.open === true || address.open === 1 };
}

export function writeFilters({ query, organizations, open }: Filters): Address {
  return {
    q: query || undefined,
    organization: organizations.join(SEPARATOR) || undefined,
    open: open || undefined,
  };
}

/** The router reads `?q=7` as a number. */
function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function isFiltered({ query, organizations, open }: Filters): boolean {
  return query.trim() !== "" || organizations.length > 0 || open;
}

export function applyFilters(rows: Row[], { query, organizations, open }: Filters): Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const haystack = `${row.name} ${row.contestant} ${row.organization ?? ""}`.toLowerCase();
    return (
      words.every((word) => haystack.includes(word)) &&
      (organizations.length === 0 || organizations.includes(row.organization ?? "")) &&
      (!open || hasOpenWeights(row))
    );
  });
}

/** A contestant whose licence is not known does not count as open. */
export function hasOpenWeights(row: Row): boolean {
  return row.license !== null && row.license.toLowerCase() !== "proprietary";
}

/** The organisations on a board and how many contestants each has, by name. */
export function organizationsOf(board: Board): [name: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { organization } of board.rows) {
    if (organization) counts.set(organization, (counts.get(organization) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a.localeCompare(b));
}
