import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Axis, axisFor } from "../model/axis";
import { isRated, type Row } from "../model/board";
import { expectedScore } from "../model/expectedScore";
import type { Group, PlacedRow } from "../model/groups";
import { AxisTicks } from "./AxisTicks";
import { BoardRow } from "./BoardRow";
import type { Columns } from "./columns";
import { Filler } from "./Filler";

interface Props {
  group: Group;
  number: number;
  /** Whether to say which group this is; a board that has one group only need not. */
  headed: boolean;
  /** The board's axis; null when each group has its own. */
  axis: Axis | null;
  columns: Columns;
  active: string | null;
  open: ReadonlySet<string>;
  stop: string | undefined;
  onActive: (slug: string) => void;
  onFocused: (slug: string) => void;
  onToggle: (slug: string) => void;
}

/** Rows on one scale. An island has an axis of its own and says that no order leads out of it. */
export function RowGroup({ group, number, headed, axis, columns, active, open, stop, ...handlers }: Props) {
  const { t } = useTranslation("boards");
  const own = useMemo(() => axisFor(group.rows.map(({ row }) => row)), [group.rows]);
  return (
    <tbody>
      {headed && group.kind !== "ranked" && (
        <tr>
          <th
            scope="rowgroup"
            colSpan={2}
            className="border-b border-line px-2 pt-5 pb-2 text-start align-bottom font-normal"
          >
            <span className="block font-serif text-17">
              {group.kind === "island" ? t("group.island", { number }) : t("group.unrated")}
            </span>
            {group.kind === "island" && (
              <span className="block text-13 text-soft">{t("group.island_text")}</span>
            )}
          </th>
          <td className="border-b border-line px-2 pb-2 align-bottom text-soft">
            {group.kind === "island" && own && <AxisTicks axis={own} />}
          </td>
          <Filler columns={columns} className="border-b border-line" />
        </tr>
      )}
      {group.rows.map((placed) => (
        <BoardRow
          key={placed.row.contestant}
          placed={placed}
          axis={axis ?? own}
          columns={columns}
          active={placed.row.contestant === active}
          against={scoreAgainst(placed, active)}
          open={open.has(placed.row.contestant)}
          stop={placed.row.contestant === stop}
          {...handlers}
        />
      ))}
    </tbody>
  );
}

/** What a row scores against the active one, if that is its neighbour. */
function scoreAgainst({ row, above, below }: PlacedRow, active: string | null): number | null {
  const neighbour: Row | undefined = [above, below].find((each) => each?.contestant === active) ?? undefined;
  if (!neighbour || !isRated(neighbour) || !isRated(row)) return null;
  return expectedScore(row.rating, neighbour.rating);
}
