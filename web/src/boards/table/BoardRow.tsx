import { memo } from "react";
import { useTranslation } from "react-i18next";
import { rankInterval, spread, useFormat } from "../format";
import type { Axis } from "../model/axis";
import { isRated } from "../model/board";
import type { BandPart, PlacedRow } from "../model/groups";
import { type Columns, WIDE, WIDEST } from "./columns";
import { IntervalMark } from "./IntervalMark";
import { RowDetail } from "./RowDetail";
import { RowName } from "./RowName";
import { useNeighbours } from "./useNeighbours";

interface Props {
  placed: PlacedRow;
  axis: Axis | null;
  columns: Columns;
  active: boolean;
  /** The expected score against the active row, when this is its neighbour. */
  against: number | null;
  open: boolean;
  stop: boolean;
  onActive: (slug: string) => void;
  onFocused: (slug: string) => void;
  onToggle: (slug: string) => void;
}

/** Rows of a band share a ground; a hairline stands where the votes do support the order. */
const SHADE = "[--row:color-mix(in_srgb,var(--line)_40%,var(--ground))]";
const PLAIN = "[--row:var(--ground)]";
const ACTIVE = "[--row:var(--clay-wash)]";
const GROUND: Record<BandPart, string> = {
  none: PLAIN,
  alone: PLAIN,
  first: SHADE,
  middle: SHADE,
  last: SHADE,
};
/** The head of a table or group has a line of its own. */
const hasLine = ({ band, above }: PlacedRow) => above !== null && (band === "alone" || band === "first");

export const BoardRow = memo(function BoardRow(props: Props) {
  const { placed, axis, columns, active, against, open, stop } = props;
  const { row, band } = placed;
  const { t } = useTranslation("boards");
  const format = useFormat();
  const neighbours = useNeighbours(placed);
  const rank = rankInterval(row);
  const ground = active ? ACTIVE : GROUND[band];
  const cell = `px-2 py-1.5 bg-(--row) transition-colors ${hasLine(placed) ? "border-t border-line" : ""}`;
  const number = `${cell} text-end whitespace-nowrap tabular-nums`;

  return (
    <>
      <tr
        data-testid="board-row"
        data-contestant={row.contestant}
        data-band={band}
        className={ground}
        onMouseEnter={() => props.onActive(row.contestant)}
      >
        <td
          className={`${cell} pe-0 text-15 whitespace-nowrap @2xl:text-17 tabular-nums ${rank ? "font-medium" : "text-soft"}`}
        >
          {rank ?? "–"}
        </td>
        <RowName
          row={row}
          className={cell}
          description={neighbours.sentence}
          open={open}
          stop={stop}
          onFocus={() => {
            props.onActive(row.contestant);
            props.onFocused(row.contestant);
          }}
          onToggle={() => props.onToggle(row.contestant)}
        />
        <td className={`${cell} relative`}>
          {isRated(row) && axis ? (
            <>
              <IntervalMark row={row} axis={axis} active={active} />
              <span className="sr-only @2xl:hidden">
                {format.points(row.rating)} {spread(row, format)}
              </span>
              {against !== null && (
                <span
                  aria-hidden="true"
                  className={`absolute bottom-0.5 rounded-control bg-(--row) px-1.5 text-13 whitespace-nowrap ${axis.position(row.rating) > 50 ? "start-1" : "end-1"}`}
                >
                  {t("expected.chip", { score: format.score(against) })}
                </span>
              )}
            </>
          ) : (
            <span className="text-13 text-soft">{row.reason && t(`reason.${row.reason}`)}</span>
          )}
        </td>
        <td className={`${cell} ${WIDE} ps-5 whitespace-nowrap tabular-nums`}>
          {isRated(row) ? (
            <>
              <span className="inline-block min-w-[4ch] text-end font-medium">
                {format.points(row.rating)}
              </span>{" "}
              <span className="text-13 text-soft">{spread(row, format)}</span>
            </>
          ) : (
            "–"
          )}
        </td>
        <td className={`${number} ${WIDE}`}>{format.count(row.votes)}</td>
        {columns.price && (
          <td className={`${number} ${WIDEST}`}>
            {row.price ? `${format.price(row.price.input)} / ${format.price(row.price.output)}` : "–"}
          </td>
        )}
        {columns.context && (
          <td className={`${number} ${WIDEST}`}>{row.context === null ? "–" : format.tokens(row.context)}</td>
        )}
      </tr>
      {open && <RowDetail row={row} neighbours={neighbours.parts} columns={columns} className={ground} />}
    </>
  );
});
