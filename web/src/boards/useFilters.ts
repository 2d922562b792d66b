import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { type Filters, readFilters, writeFilters } from "./model/filters";

export type View = "table" | "plot";

/** Filters and view of a board live in the address, so that a link shows what its sender saw. */
export function useFilters() {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const filters = useMemo(() => readFilters(search), [search]);
  const view: View = search.view === "plot" ? "plot" : "table";

  const write = useCallback(
    (next: Record<string, unknown>) => navigate({ to: ".", search: next as never, replace: true }),
    [navigate],
  );
  const setFilters = (next: Filters) =>
    write({ ...writeFilters(next), view: view === "plot" ? view : undefined });
  const setView = (next: View) =>
    write({ ...writeFilters(filters), view: next === "plot" ? next : undefined });
  return { filters, setFilters, view, setView };
}
