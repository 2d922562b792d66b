import * as Plot from "@observablehq/plot";
import { plotStyle } from "../../boards/plot/drawPlot";
import type { Draw } from "../../boards/plot/PlotFigure";
import type { Format } from "../format";
import { everySo, roomFor } from "./everySo";

/** How many of the people of a week came back. */
export interface Known {
  week: string;
  share: number;
  lower: number;
  upper: number;
  describe: string;
}

const HEIGHT_PX = 280;

/** Shares of weeks with their intervals; a line where that of all weeks lies. */
export function drawCameBack(weeks: Known[], all: number | null, axis: string, format: Format): Draw {
  const most = Math.min(1, Math.max(0.1, ...weeks.map(({ upper }) => upper)));
  return (width, colours) =>
    Plot.plot({
      width,
      height: HEIGHT_PX,
      marginLeft: 48,
      marginRight: 12,
      marginTop: 36,
      marginBottom: 32,
      style: plotStyle(colours),
      x: { type: "point", label: null, domain: weeks.map(({ week }) => week) },
      y: { domain: [0, most], nice: true, label: null },
      marks: [
        Plot.gridY({ ticks: 5, stroke: colours.line, strokeOpacity: 1 }),
        Plot.axisY({ ticks: 5, tickSize: 0, label: null, tickFormat: format.percent }),
        Plot.axisX({
          ticks: everySo(weeks, roomFor(width)).map(({ week }) => week),
          tickSize: 0,
          label: null,
          tickFormat: (week: string) => format.day(week),
        }),
        Plot.text([axis], {
          frameAnchor: "top-left",
          textAnchor: "start",
          dx: -48,
          dy: -24,
          fill: colours.soft,
          text: (word: string) => word,
        }),
        ...(all === null ? [] : [Plot.ruleY([all], { stroke: colours.clay, strokeDasharray: "4 4" })]),
        Plot.ruleX(weeks, {
          x: "week",
          y1: "lower",
          y2: "upper",
          stroke: colours.ink,
          strokeOpacity: 0.4,
          strokeWidth: 4,
        }),
        Plot.dot(weeks, { x: "week", y: "share", r: 4, fill: colours.ink, title: "describe" }),
      ],
    }) as SVGSVGElement;
}
