import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { save } from "../download";
import { rankInterval, spread, useFormat } from "../format";
import { type Board, confidence, isRated, type Rated, type Row } from "../model/board";
import { findingOf } from "../model/finding";
import { useBoardName } from "../useBoardName";
import { drawPlot } from "./drawPlot";
import { PlotTable } from "./PlotTable";
import { frame, toPng, toSvgText } from "./picture";
import { useColours } from "./useColours";
import { useWidth } from "./useWidth";

const PICTURE_PX = 960;

/** The ratings of the shown rows with their intervals, under a title that says what they show. */
export default function BoardPlot({ board, shown }: { board: Board; shown: Row[] }) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const name = useBoardName()(board);
  const colours = useColours();
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  const [asTable, setAsTable] = useState(false);
  const rows = useMemo(() => shown.filter(isRated), [shown]);
  const percent = confidence(board);
  const title = t(`finding.${findingOf(board, shown).key}`, { ...findingOf(board, shown), percent });

  const draw = useMemo(() => {
    const describe = (row: Rated) => {
      const rank = rankInterval(row);
      const place = rank === null ? "" : `\n${t("table.rank")} ${rank}`;
      return `${row.name}\n${format.points(row.rating)} ${spread(row, format)}${place}`;
    };
    return (across: number) =>
      drawPlot(rows, { width: across, colours, axisLabel: t("plot.axis"), describe, points: format.points });
  }, [rows, colours, t, format]);

  useEffect(() => {
    if (rows.length === 0 || width === 0 || asTable) return;
    const svg = draw(width);
    // One picture with one name: names, numbers and order are in the table behind the switch.
    for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", title);
    holder.current?.replaceChildren(svg);
  }, [draw, rows.length, width, title, asTable]);

  if (rows.length === 0)
    return <p className="border-t border-line py-16 text-soft">{t("finding.nothing")}</p>;

  const picture = () => {
    const date = format.date(board.updated_at);
    const foot = t("plot.foot", { name, votes: format.count(board.votes), date, percent });
    return frame(draw(PICTURE_PX), { title, foot }, colours);
  };
  const button = "min-h-9 rounded-control text-sea underline-offset-4 hover:underline";
  return (
    <figure data-testid="board-plot" className="border-t border-line pt-6">
      <figcaption>
        <h2 className="font-serif text-22 text-balance">{title}</h2>
        <p className="mt-1 max-w-2xl text-13 text-soft text-pretty">{t("plot.how", { percent })}</p>
        <p className="mt-2 flex flex-wrap gap-x-5">
          <button
            type="button"
            className={button}
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? t("plot.as_plot") : t("plot.as_table")}
          </button>
          <button
            type="button"
            className={button}
            onClick={() => save(`${board.slug}.svg`, "image/svg+xml", toSvgText(picture()))}
          >
            {t("plot.svg")}
          </button>
          <button
            type="button"
            className={button}
            onClick={async () => save(`${board.slug}.png`, "image/png", await toPng(picture()))}
          >
            {t("plot.png")}
          </button>
        </p>
      </figcaption>
      <div ref={holder} className="mt-2" hidden={asTable} />
      {asTable && <PlotTable rows={rows} caption={title} percent={percent} />}
    </figure>
  );
}
