import * as Plot from "@observablehq/plot";
import type { Rated } from "../model/board";
import type { Colours } from "./useColours";

export interface PlotOptions {
  width: number;
  colours: Colours;
  axisLabel: string;
  /** What a dot says when it is pointed at. */
  describe: (row: Rated) => string;
  points: (rating: number) => string;
}

const ROW_PX = 22;
const LETTER_PX = 7.5;
const TOP_PX = 44;

/** Ratings with their intervals, one row a contestant, in the table's order; islands stand apart. */
export function drawPlot(
  rows: Rated[],
  { width, colours, axisLabel, describe, points }: PlotOptions,
): SVGSVGElement {
  const names = new Map(rows.map((row) => [row.contestant, row.name]));
  const longest = Math.max(...rows.map((row) => textWidth(row.name)));
  const room = Math.min(longest + 16, width * 0.45);
  const domain = rows.flatMap((row, index) => {
    const before = rows[index - 1];
    const gap = before && before.reason === "not_connected" && before.component !== row.component;
    return gap ? [`\u0000${index}`, row.contestant] : [row.contestant];
  });
  const axis = { label: axisLabel, labelAnchor: "center", labelArrow: "none", tickFormat: points } as const;
  const ticks = Math.max(3, Math.floor((width - room) / 90));
  return Plot.plot({
    width,
    height: domain.length * ROW_PX + TOP_PX + 44,
    marginLeft: room,
    marginRight: 24,
    marginTop: TOP_PX,
    marginBottom: 44,
    style: plotStyle(colours),
    x: { ...axis, nice: true },
    y: { domain, label: null },
    marks: [
      Plot.gridX({ ticks, stroke: colours.line, strokeOpacity: 1 }),
      Plot.axisX({ ...axis, anchor: "top", ticks, tickSize: 0 }),
      Plot.axisX({ ...axis, anchor: "bottom", ticks, tickSize: 0 }),
      Plot.axisY({
        tickSize: 0,
        tickPadding: 10,
        label: null,
        color: colours.ink,
        fontSize: 13,
        tickFormat: (slug: string) => shorten(names.get(slug) ?? "", room - 16),
      }),
      Plot.ruleY(rows, {
        y: "contestant",
        x1: "lower",
        x2: "upper",
        stroke: colours.ink,
        strokeOpacity: 0.4,
        strokeWidth: 4,
      }),
      Plot.dot(rows, {
        y: "contestant",
        x: "rating",
        r: 3.5,
        stroke: colours.ink,
        fill: (row: Rated) => (row.preliminary ? colours.ground : colours.ink),
        title: describe,
      }),
    ],
  }) as SVGSVGElement;
}

/** How every plot of the page is written. */
export const plotStyle = (colours: Colours) => ({
  background: colours.ground,
  color: colours.soft,
  fontFamily: '"Inter Variable", system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontSize: "13px",
  overflow: "visible",
});

/** A Chinese character is about twice as wide as a Latin letter. */
export function textWidth(text: string): number {
  return [...text].reduce((width, letter) => width + (letter > "⺀" ? 2 : 1) * LETTER_PX, 0);
}

function shorten(text: string, room: number): string {
  if (textWidth(text) <= room + LETTER_PX) return text;
  let kept = "";
  for (const letter of text) {
    if (textWidth(`${kept}${letter}…`) > room) break;
    kept += letter;
  }
  return `${kept}…`;
}
