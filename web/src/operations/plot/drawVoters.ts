import * as Plot from "@observablehq/plot";
import { plotStyle, textWidth } from "../../boards/plot/drawPlot";
import type { Draw } from "../../boards/plot/PlotFigure";
import type { Format } from "../format";
import type { Voters } from "../queries";
import { everySo, roomFor } from "./everySo";

export interface Bar {
  day: string;
  voters: Voters;
}

interface Words {
  axis: string;
  newcomers: string;
  returning: string;
}

const HEIGHT_PX = 280;
const DAY_MS = 86_400_000;

/** A bar for each day; what may not be divided is of the colour of those who had voted before, and paler. */
export function drawVoters(bars: Bar[], words: Words, format: Format): Draw {
  const shown = bars.map(({ day, voters: { people, new: newcomers, returning } }) => {
    const begin = new Date(day);
    return { day, begin, end: new Date(begin.getTime() + DAY_MS), people, newcomers, returning };
  });
  const most = Math.max(1, ...shown.map(({ people }) => people));
  return (width, colours) => {
    const across = { x1: "begin", x2: "end", insetLeft: 0.5, insetRight: 0.5 } as const;
    const title = (bar: (typeof shown)[number]) =>
      [
        format.day(bar.day),
        `${format.count(bar.people)} ${words.axis}`,
        ...(bar.newcomers === null || bar.returning === null
          ? []
          : [
              `${format.count(bar.newcomers)} ${words.newcomers}`,
              `${format.count(bar.returning)} ${words.returning}`,
            ]),
      ].join("\n");
    const legend = { frameAnchor: "top-left", textAnchor: "start", dy: -22, fontSize: 13 } as const;
    return Plot.plot({
      width,
      height: HEIGHT_PX,
      marginLeft: 48,
      marginRight: 12,
      marginTop: 52,
      marginBottom: 32,
      style: plotStyle(colours),
      x: { type: "utc", label: null },
      y: { domain: [0, most], nice: true, label: null },
      marks: [
        Plot.gridY({ ticks: wholeTicks(most), stroke: colours.line, strokeOpacity: 1 }),
        Plot.rectY(
          shown.filter(({ newcomers }) => newcomers === null),
          { ...across, y1: 0, y2: "people", fill: colours.ink, fillOpacity: 0.25, title },
        ),
        Plot.rectY(
          shown.filter(({ newcomers }) => newcomers !== null),
          { ...across, y1: 0, y2: "returning", fill: colours.ink, fillOpacity: 0.5, title },
        ),
        Plot.rectY(
          shown.filter(({ newcomers }) => newcomers !== null),
          { ...across, y1: "returning", y2: "people", fill: colours.clay, title },
        ),
        Plot.axisY({ ticks: wholeTicks(most), tickSize: 0, label: null, tickFormat: format.count }),
        Plot.axisX({
          ticks: everySo(shown, roomFor(width)).map(({ begin }) => begin),
          tickSize: 0,
          label: null,
          tickFormat: (day: Date) => format.day(day),
        }),
        Plot.text([words.axis], { ...legend, dy: -40, fill: colours.soft, text: (word: string) => word }),
        Plot.text([words.newcomers], {
          ...legend,
          fill: colours.clay,
          fontWeight: 600,
          text: (word: string) => `■ ${word}`,
        }),
        Plot.text([words.returning], {
          ...legend,
          dx: 24 + textWidth(words.newcomers),
          fill: colours.soft,
          fontWeight: 600,
          text: (word: string) => `■ ${word}`,
        }),
      ],
    }) as SVGSVGElement;
  };
}

/** People come whole. */
export const wholeTicks = (most: number): number => Math.min(5, Math.max(1, most));
