import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Board } from "../model/board";
import { type Filters, hasOpenWeights, isFiltered, organizationsOf } from "../model/filters";
import { OrganizationMenu } from "./OrganizationMenu";

interface Props {
  board: Board;
  shown: number;
  filters: Filters;
  onChange: (filters: Filters) => void;
}

const NONE: Filters = { query: "", organizations: [], open: false };

/** Search, organisation and open weights; each is offered only where the board can tell rows apart by it. */
export function FilterBar({ board, shown, filters, onChange }: Props) {
  const { t } = useTranslation("boards");
  // The address follows the typing; it does not drive the field, whose cursor would jump.
  const [query, setQuery] = useState(filters.query);
  const organizations = organizationsOf(board);
  const licensed = board.rows.some(hasOpenWeights);
  const search = (next: string) => {
    setQuery(next);
    onChange({ ...filters, query: next });
  };
  return (
    <search className="contents">
      <input
        type="search"
        value={query}
        onChange={(event) => search(event.target.value)}
        placeholder={t("filter.search")}
        aria-label={t("filter.search")}
        className="h-10 w-full min-w-0 rounded-control border border-line bg-raised px-3 placeholder:text-soft @2xl:w-56"
      />
      {organizations.length > 1 && (
        <OrganizationMenu
          organizations={organizations}
          chosen={filters.organizations}
          onChange={(chosen) => onChange({ ...filters, query, organizations: chosen })}
        />
      )}
      {licensed && (
        <label className="flex h-10 cursor-pointer items-center gap-2 rounded-control px-1">
          <input
            type="checkbox"
            checked={filters.open}
            onChange={(event) => onChange({ ...filters, query, open: event.target.checked })}
            className="size-4 accent-clay"
          />
          {t("filter.open")}
        </label>
      )}
      {isFiltered(filters) && (
        <button
          type="button"
          onClick={() => {
            setQuery("");
            onChange(NONE);
          }}
          className="h-10 rounded-control px-1 text-sea underline-offset-4 hover:underline"
        >
          {t("filter.clear")}
        </button>
      )}
      <p role="status" className="order-last w-full text-13 text-soft tabular-nums empty:hidden">
        {isFiltered(filters) && t("filter.shown", { count: shown, all: board.rows.length })}
      </p>
    </search>
  );
}
