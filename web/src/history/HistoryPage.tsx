import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useTitle } from "../app/useTitle";
import { DataLink } from "../belongings/DataLink";
import { TopBar } from "../shell/TopBar";
import { FilterMenus } from "./FilterMenus";
import { FolderBar } from "./FolderBar";
import { asQuery, type Filters, isFiltered, readFilters, writeFilters } from "./filters";
import { HistoryLines } from "./HistoryLines";
import { SearchBox } from "./SearchBox";
import { useFolders } from "./useFolders";
import { useHistory } from "./useHistory";

const LIST = "history-list";

/** All of the reader's conversations: searched, filtered, in folders. The address says what is shown. */
export function HistoryPage() {
  const { t } = useTranslation();
  useTitle(t("history.title"));
  const address = useSearch({ strict: false }) as Record<string, unknown>;
  const filters = useMemo(() => readFilters(address), [address]);
  const navigate = useNavigate();
  const show = (next: Filters) =>
    navigate({ to: "/history", search: writeFilters(next) as never, replace: true });
  const { data: folders = [] } = useFolders();
  const names = useMemo(() => new Map(folders.map(({ id, name }) => [id, name])), [folders]);
  const history = useHistory(asQuery(filters));
  const narrowed = isFiltered(filters);

  return (
    <>
      <TopBar>
        <h1 className="px-1 font-serif text-17 font-semibold">{t("history.title")}</h1>
        <div className="flex-1 text-right">
          <Suspense>
            <DataLink className="inline-flex h-9 items-center rounded-control px-1 text-15 text-sea underline-offset-4 hover:underline" />
          </Suspense>
        </div>
      </TopBar>
      <div className="mx-auto w-full max-w-3xl space-y-4 px-4 py-6 md:px-6">
        <SearchBox query={filters.query} onSearch={(query) => show({ ...filters, query })} list={LIST} />
        <FolderBar
          folders={folders}
          chosen={filters.archived ? "archive" : filters.folder}
          onChoose={(chosen) =>
            show({
              ...filters,
              archived: chosen === "archive" || undefined,
              folder: chosen === "archive" ? undefined : chosen,
            })
          }
        />
        <div className="border-b border-line pb-2 sm:flex sm:items-center sm:justify-between">
          <FilterMenus filters={filters} onChange={show} />
          {narrowed && (
            <button
              type="button"
              data-testid="clear-filters"
              onClick={() => show({ query: "", folder: filters.folder, archived: filters.archived })}
              className="h-9 rounded-control px-1 text-15 text-sea underline-offset-4 hover:underline"
            >
              {t("history.filter.clear")}
            </button>
          )}
        </div>
        <div className="-mx-3">
          <HistoryLines
            history={history}
            id={LIST}
            empty={t(
              filters.query
                ? "history.nothingFound"
                : narrowed || filters.archived || filters.folder
                  ? "history.nothingHere"
                  : "history.empty",
            )}
            folders={names}
            detailed
          />
        </div>
      </div>
    </>
  );
}
