import { useTranslation } from "react-i18next";
import { rankInterval, useFormat } from "../format";
import type { Rated } from "../model/board";

interface Props {
  rows: Rated[];
  caption: string;
  percent: number;
}

/** What the plot draws, as numbers. */
export function PlotTable({ rows, caption, percent }: Props) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const heads = [
    t("table.rank"),
    t("table.points"),
    t("plot.lower", { percent }),
    t("plot.upper", { percent }),
  ];
  return (
    <table className="mt-4 w-full max-w-3xl tabular-nums">
      <caption className="sr-only">{caption}</caption>
      <thead className="text-13 text-soft">
        <tr>
          <th scope="col" className="py-1.5 pe-2 text-start font-normal">
            {t("table.name")}
          </th>
          {heads.map((head) => (
            <th key={head} scope="col" className="px-2 py-1.5 text-end font-normal last:pe-0">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.contestant} className="border-t border-line">
            <th scope="row" className="py-1.5 pe-2 text-start font-normal wrap-anywhere">
              {row.name}
            </th>
            <td className="px-2 text-end whitespace-nowrap">{rankInterval(row) ?? "–"}</td>
            <td className="px-2 text-end">{format.points(row.rating)}</td>
            <td className="px-2 text-end">{format.points(row.lower)}</td>
            <td className="ps-2 text-end">{format.points(row.upper)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
