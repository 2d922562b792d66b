import { useFormat } from "../format";
import type { Axis } from "../model/axis";

/** The numbers along the common axis. */
export function AxisTicks({ axis }: { axis: Axis }) {
  const format = useFormat();
  return (
    <span aria-hidden="true" className="relative block h-5 text-13 font-normal tabular-nums">
      {axis.ticks.map((tick, index) => (
        <span
          key={tick} // A narrow axis has room for every other number.
          className={`absolute -translate-x-1/2 ${index % 2 ? "hidden @2xl:inline" : ""}`}
          style={{ left: `${axis.position(tick)}%` }}
        >
          {format.points(tick)}
        </span>
      ))}
    </span>
  );
}
