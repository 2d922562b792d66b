import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useTitle } from "../app/useTitle";
import { EmptyBoard } from "./EmptyBoard";
import { HowToRead } from "./HowToRead";
import type { Board } from "./model/board";
import { applyFilters } from "./model/filters";
import { Statement } from "./Statement";
import { BoardTable } from "./table/BoardTable";
import { DownloadMenu } from "./toolbar/DownloadMenu";
import { FilterBar } from "./toolbar/FilterBar";
import { ViewSwitch } from "./toolbar/ViewSwitch";
import { useBoardName } from "./useBoardName";
import { useFilters } from "./useFilters";

const BoardPlot = lazy(() => import("./plot/BoardPlot"));

/** One board: what it rests on, the filters, and the table or the plot of the rows that pass them. */
export function BoardView({ board, stale }: { board: Board; stale: boolean }) {
  const { t } = useTranslation("boards");
  const name = useBoardName()(board);
  const title = board.kind === "live" ? t("name", { name }) : name;
  useTitle(title);
  const { filters, setFilters, view, setView } = useFilters();
  const shown = useMemo(() => applyFilters(board.rows, filters), [board.rows, filters]);
  const empty = board.status === "empty";

  return (
    <article aria-labelledby="board-name">
      <header className="pt-8 pb-6">
        <h1
          id="board-name"
          className="font-serif text-30 font-semibold tracking-tight text-balance @2xl:text-40"
        >
          {title}
        </h1>
        <Statement board={board} stale={stale} />
        {!empty && <HowToRead board={board} />}
      </header>
      {empty && <EmptyBoard />}
      {board.rows.length > 0 && (
        <>
          {!empty && (
            <div className="mb-2 flex flex-wrap items-center gap-2">
              <FilterBar board={board} shown={shown.length} filters={filters} onChange={setFilters} />
              <div className="flex w-full items-center justify-between gap-2 @2xl:ms-auto @2xl:w-auto">
                <ViewSwitch view={view} onChange={setView} />
                <DownloadMenu board={board} shown={shown} />
              </div>
            </div>
          )}
          {shown.length === 0 && (
            <p className="border-t border-line py-16 text-center text-soft">{t("filter.none")}</p>
          )}
          {shown.length > 0 &&
            (view === "plot" && !empty ? (
              <Suspense fallback={<p className="py-16 text-soft">{t("loading")}</p>}>
                <BoardPlot board={board} shown={shown} />
              </Suspense>
            ) : (
              <BoardTable board={board} shown={shown} />
            ))}
        </>
      )}
    </article>
  );
}
