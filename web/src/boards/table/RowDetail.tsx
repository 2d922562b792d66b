import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { spread, useFormat } from "../format";
import { isRated, type Row } from "../model/board";
import type { Columns } from "./columns";
import { licenseText } from "./license";

interface Props {
  row: Row;
  neighbours: string[];
  columns: Columns;
  className: string;
}

/** All that is known of a row, also what a narrow page folds away. */
export function RowDetail({ row, neighbours, columns, className }: Props) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const facts: [term: string, value: ReactNode][] = [
    [t("detail.record"), t("detail.record_text", record(row, format.count))],
    [t("table.votes"), format.count(row.votes)],
  ];
  if (isRated(row)) facts.unshift([t("table.points"), `${format.points(row.rating)} ${spread(row, format)}`]);
  if (neighbours.length > 0) {
    facts.push([
      t("expected.term"),
      neighbours.map((each) => (
        <span key={each} className="block">
          {each}
        </span>
      )),
    ]);
  }
  if (row.organization) facts.push([t("filter.organization"), row.organization]);
  if (row.license) facts.push([t("detail.license"), licenseText(row.license, t)]);
  if (row.price) {
    facts.push([t("table.price"), `${format.price(row.price.input)} / ${format.price(row.price.output)}`]);
  }
  if (row.context !== null) facts.push([t("table.context"), format.tokens(row.context)]);
  if (row.preliminary) facts.push([t("preliminary"), t("how.preliminary.text")]);

  return (
    <tr data-testid="board-row-detail">
      <td className={className} />
      <td className={`${className} px-2 pt-1 pb-4`} colSpan={columns.count - 1}>
        <dl className="grid max-w-2xl grid-cols-[minmax(7rem,max-content)_1fr] gap-x-4 gap-y-1 text-13">
          {facts.map(([term, value]) => (
            <div key={term} className="contents">
              <dt className="text-soft">{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </td>
    </tr>
  );
}

function record({ wins, losses, ties }: Row, count: (value: number) => string) {
  return { wins: count(wins), losses: count(losses), ties: count(ties) };
}
