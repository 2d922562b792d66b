import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLicenseText } from "../../ui/useLicenseText";
import { spread, useFormat } from "../format";
import { isRated, type Row } from "../model/board";
import type { Columns } from "./columns";
import { Filler } from "./Filler";

interface Props {
  row: Row;
  neighbours: string[];
  columns: Columns;
  className: string;
}

interface Fact {
  term: string;
  /** Left out where it is not known. */
  value: ReactNode;
  /** Hides it where the row itself shows it. */
  folded?: string;
}

const FOLDED = "@2xl:hidden";
const FOLDED_LONGER = "@4xl:hidden";

/** All that is known of a row, also what a narrow page folds away. */
export function RowDetail({ row, neighbours, columns, className }: Props) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const licenseText = useLicenseText();
  const facts: Fact[] = [
    {
      term: t("table.points"),
      value: isRated(row) && `${format.points(row.rating)} ${spread(row, format)}`,
      folded: FOLDED,
    },
    {
      term: t("expected.term"),
      value:
        neighbours.length > 0 &&
        neighbours.map((each) => (
          <span key={each} className="block">
            {each}
          </span>
        )),
    },
    { term: t("table.votes"), value: format.count(row.votes), folded: FOLDED },
    { term: t("detail.record"), value: row.votes > 0 && t("detail.record_text", record(row, format.count)) },
    { term: t("filter.organization"), value: row.organization, folded: FOLDED },
    { term: t("detail.license"), value: licenseText(row.license), folded: FOLDED },
    {
      term: t("table.price"),
      value: row.price && `${format.price(row.price.input)} / ${format.price(row.price.output)}`,
      folded: FOLDED_LONGER,
    },
    {
      term: t("table.context"),
      value: row.context !== null && format.tokens(row.context),
      folded: FOLDED_LONGER,
    },
    { term: t("preliminary"), value: row.preliminary && t("how.preliminary.text") },
  ];

  return (
    <tr data-testid="board-row-detail" className={className}>
      <td className="bg-(--row)" />
      <td className="bg-(--row) px-2 pt-1 pb-4" colSpan={2}>
        <dl className="grid grid-cols-[minmax(5rem,max-content)_1fr] gap-x-4 gap-y-1 text-13 tabular-nums">
          {facts
            .filter(({ value }) => value)
            .map(({ term, value, folded }) => (
              <div key={term} className={`contents ${folded ?? ""}`}>
                <dt className="max-w-24 text-soft @2xl:max-w-32">{term}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </td>
      <Filler columns={columns} className="bg-(--row)" />
    </tr>
  );
}

function record({ wins, losses, ties }: Row, count: (value: number) => string) {
  return { wins: count(wins), losses: count(losses), ties: count(ties) };
}
