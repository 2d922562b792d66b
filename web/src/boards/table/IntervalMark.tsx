import type { Axis } from "../model/axis";
import type { Rated } from "../model/board";

/**
 * A rating as a dot on the common axis, its interval drawn to scale. A preliminary one is an open circle.
 *
 * A picture of numbers that stand beside it in the row, so it is hidden from readers of the table's text.
 */
export function IntervalMark({ row, axis, active }: { row: Rated; axis: Axis; active: boolean }) {
  const at = (rating: number) => `${axis.position(rating)}%`;
  const ink = active ? "var(--clay)" : "var(--ink)";
  return (
    <svg
      aria-hidden="true"
      className="absolute inset-x-2 inset-y-0 h-full w-[calc(100%-1rem)] overflow-visible"
      data-testid="board-interval"
    >
      {axis.ticks.map((tick) => (
        <line key={tick} x1={at(tick)} x2={at(tick)} y1="0" y2="100%" stroke="var(--line)" />
      ))}
      <line
        x1={at(row.lower)}
        x2={at(row.upper)}
        y1="50%"
        y2="50%"
        stroke={ink}
        strokeOpacity={active ? 0.6 : 0.4}
        strokeWidth="4"
        strokeLinecap="butt"
      />
      <circle
        cx={at(row.rating)}
        cy="50%"
        r={3.5}
        fill={row.preliminary ? "var(--row)" : ink}
        stroke={ink}
        strokeWidth="1.5"
      />
    </svg>
  );
}
