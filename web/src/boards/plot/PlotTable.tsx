import { useTranslation } from "react-i18next";
import { rankInterval, useFormat } from "../format";
import type { Rated } from "../model/board";
import { FigureTable } from "./FigureTable";

interface Props {
  rows: Rated[];
  caption: string;
  percent: number;
}

/** What the plot of a board draws, as numbers. */
export function PlotTable({ rows, caption, percent }: Props) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  return (
    <FigureTable
      caption={caption}
      head={[
        t("table.name"),
        t("table.rank"),
        t("table.points"),
        t("plot.lower", { percent }),
        t("plot.upper", { percent }),
      ]}
      rows={rows.map((row) => [
        row.name,
        // In one piece.
        rankInterval(row)?.replace("–", "\u2060–\u2060") ?? "–",
        ...[row.rating, row.lower, row.upper].map((points) => format.points(points)),
      ])}
    />
  );
}
