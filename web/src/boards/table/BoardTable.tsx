import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { axisFor } from "../model/axis";
import { type Board, confidence, type Row } from "../model/board";
import { groupRows } from "../model/groups";
import { useBoardName } from "../useBoardName";
import { AxisTicks } from "./AxisTicks";
import { columnsOf, WIDE, WIDEST } from "./columns";
import { RowGroup } from "./RowGroup";
import { useRowFocus } from "./useRowFocus";

/** The shown rows of a board, by rating. */
export function BoardTable({ board, shown }: { board: Board; shown: Row[] }) {
  const { t } = useTranslation("boards");
  const name = useBoardName()(board);
  const [active, setActive] = useState<string | null>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const groups = useMemo(() => groupRows(board, shown), [board, shown]);
  const columns = useMemo(() => columnsOf(board), [board]);
  const common = useMemo(() => (board.connected ? axisFor(shown) : null), [board.connected, shown]);
  const focus = useRowFocus(shown.map((row) => row.contestant));

  const toggle = useCallback((slug: string) => {
    setOpen((known) => {
      const next = new Set(known);
      if (!next.delete(slug)) next.add(slug);
      return next;
    });
  }, []);

  const head =
    "sticky top-14 z-10 border-b border-line bg-ground px-2 pt-3 pb-2 text-13 font-normal text-soft align-bottom";
  return (
    <table
      data-testid="board-table"
      className="w-full table-fixed border-separate border-spacing-0"
      onKeyDown={focus.onKeyDown}
      onMouseLeave={() => setActive(null)}
    >
      <caption className="sr-only">
        {t("table.caption", { name, count: shown.length, percent: confidence(board) })}
      </caption>
      <thead>
        <tr>
          <th scope="col" className={`${head} w-18 text-start @2xl:w-22`}>
            {t("table.rank")}
          </th>
          <th scope="col" className={`${head} text-start`}>
            {t("table.name")}
          </th>
          <th
            scope="col"
            aria-sort="descending"
            // Its last number may reach over the next head.
            className={`${head} z-11 w-[31%] text-start @2xl:w-[30%] @4xl:w-[24%]`}
          >
            <span className={common ? "sr-only" : ""}>{t("table.rating")}</span>
            {common && <AxisTicks axis={common} />}
          </th>
          <th scope="col" className={`${head} w-39 ps-5 text-start ${WIDE}`}>
            {t("table.points")}
          </th>
          <th scope="col" className={`${head} w-18 text-end ${WIDE}`}>
            {t("table.votes")}
          </th>
          {columns.price && (
            <th scope="col" className={`${head} w-30 text-end ${WIDEST}`}>
              {t("table.price")}
            </th>
          )}
          {columns.context && (
            <th scope="col" className={`${head} w-16 text-end ${WIDEST}`}>
              {t("table.context")}
            </th>
          )}
        </tr>
      </thead>
      {groups.map((group, index) => (
        <RowGroup
          key={group.key}
          group={group}
          number={index + 1}
          headed={groups.length > 1}
          axis={common}
          columns={columns}
          active={active}
          open={open}
          stop={focus.stop}
          onActive={setActive}
          onFocused={focus.onFocused}
          onToggle={toggle}
        />
      ))}
    </table>
  );
}
