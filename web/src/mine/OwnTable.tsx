import { useTranslation } from "react-i18next";
import { rankInterval, spread, useFormat } from "../boards/format";
import { axisFor } from "../boards/model/axis";
import { isRated, type Row } from "../boards/model/board";
import { groupRows } from "../boards/model/groups";
import { IntervalMark } from "../boards/table/IntervalMark";
import type { MyBoard } from "./queries";

type Place = MyBoard["places"][number];

const placeOf = (place: Place | undefined): string | null =>
  place ? rankInterval({ rank_best: place.rank_best, rank_worst: place.rank_worst } as Row) : null;

const HEAD = "border-b border-line px-2 pt-3 pb-2 text-start align-bottom text-13 font-normal text-soft";
const CELL = "border-b border-line bg-(--row) px-2 py-2";

/** The rows of one's own board, each beside its place on the arena's. Islands have each an axis of their own. */
export function OwnTable({ mine }: { mine: MyBoard }) {
  const { t } = useTranslation("mine");
  const format = useFormat();
  const { board } = mine;
  const groups = groupRows(board, board.rows);
  const places = new Map(mine.places.map((place) => [place.contestant, place]));
  return (
    <table
      data-testid="my-table"
      className="w-full table-fixed border-separate border-spacing-0 [--row:var(--ground)]"
    >
      <caption className="sr-only">{t("board.caption")}</caption>
      <thead>
        <tr>
          <th scope="col" className={`${HEAD} w-16`}>
            {t("board.place")}
          </th>
          <th scope="col" className={HEAD}>
            {t("board.model")}
          </th>
          <th scope="col" className={`${HEAD} w-[36%]`}>
            {t("board.rating")}
          </th>
          <th scope="col" className={`${HEAD} hidden w-40 sm:table-cell`}>
            {t("board.public")}
          </th>
        </tr>
      </thead>
      {groups.map((group, index) => {
        const axis = axisFor(group.rows.map(({ row }) => row));
        return (
          <tbody key={group.key}>
            {groups.length > 1 && (
              <tr>
                <th scope="rowgroup" colSpan={4} className="px-2 pt-5 pb-1 text-start font-serif text-17">
                  {t("board.group", { number: index + 1 })}
                </th>
              </tr>
            )}
            {group.rows.map(({ row }) => {
              const place = placeOf(places.get(row.contestant)) ?? t("board.none");
              return (
                <tr key={row.contestant} data-testid="my-row" data-contestant={row.contestant}>
                  <td className={`${CELL} font-medium whitespace-nowrap tabular-nums`}>
                    {rankInterval(row) ?? t("board.none")}
                  </td>
                  <th scope="row" className={`${CELL} text-start font-normal wrap-anywhere`}>
                    {row.name}
                    <span className="block text-13 text-soft tabular-nums">
                      {isRated(row) && `${format.points(row.rating)} ${spread(row, format)}`}
                      <span className="block sm:hidden">{t("board.publicShort", { place })}</span>
                    </span>
                  </th>
                  <td className={`${CELL} relative`}>
                    {isRated(row) && axis && <IntervalMark row={row} axis={axis} active={false} />}
                  </td>
                  <td className={`${CELL} hidden tabular-nums sm:table-cell`}>{place}</td>
                </tr>
              );
            })}
          </tbody>
        );
      })}
    </table>
  );
}
