import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { rankInterval, spread, useFormat } from "../format";
import { type Board, confidence, isRated, type Rated, type Row } from "../model/board";
import { findingOf } from "../model/finding";
import { useBoardName } from "../useBoardName";
import { drawPlot } from "./drawPlot";
import { type Draw, PlotFigure } from "./PlotFigure";
import { PlotTable } from "./PlotTable";

/** The ratings of the shown rows with their intervals, under a title that says what they show. */
export default function BoardPlot({ board, shown }: { board: Board; shown: Row[] }) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const name = useBoardName()(board);
  const rows = useMemo(() => shown.filter(isRated), [shown]);
  const percent = confidence(board);
  const title = t(`finding.${findingOf(board, shown).key}`, { ...findingOf(board, shown), percent });

  const draw: Draw = useCallback(
    (width, colours) => {
      const describe = (row: Rated) => {
        const rank = rankInterval(row);
        const place = rank === null ? "" : `\n${t("table.rank")} ${rank}`;
        return `${row.name}\n${format.points(row.rating)} ${spread(row, format)}${place}`;
      };
      return drawPlot(rows, { width, colours, axisLabel: t("plot.axis"), describe, points: format.points });
    },
    [rows, t, format],
  );

  if (rows.length === 0)
    return <p className="border-t border-line py-16 text-soft">{t("finding.nothing")}</p>;
  return (
    <PlotFigure
      testId="board-plot"
      name={board.slug}
      title={title}
      how={t("plot.how", { percent })}
      foot={t("plot.foot", {
        name,
        votes: format.count(board.votes),
        date: format.date(board.updated_at),
        percent,
      })}
      draw={draw}
      table={<PlotTable rows={rows} caption={title} percent={percent} />}
    />
  );
}
