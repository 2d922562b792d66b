import * as Plot from "@observablehq/plot";
import { plotStyle } from "../../boards/plot/drawPlot";
import type { Draw } from "../../boards/plot/PlotFigure";
import type { Format } from "../format";

/** Who cast so many votes. */
export interface Some {
  votes: string;
  people: number;
}

const HEIGHT_PX = 260;

/** A bar for each number of votes, how many people it are above it. */
export function drawVotes(spread: Some[], words: { votes: string; people: string }, format: Format): Draw {
  return (width, colours) =>
    Plot.plot({
      width: Math.min(width, 720),
      height: HEIGHT_PX,
      marginLeft: 0,
      marginRight: 0,
      marginTop: 44,
      marginBottom: 48,
      style: plotStyle(colours),
      x: { domain: spread.map(({ votes }) => votes), padding: 0.25, label: null },
      y: { axis: null, domain: [0, Math.max(1, ...spread.map(({ people }) => people))] },
      marks: [
        Plot.barY(spread, { x: "votes", y: "people", fill: colours.ink, fillOpacity: 0.5 }),
        Plot.ruleY([0], { stroke: colours.line }),
        Plot.text(spread, {
          x: "votes",
          y: "people",
          dy: -10,
          fill: colours.ink,
          text: ({ people }: Some) => format.count(people),
        }),
        Plot.axisX({ tickSize: 0, label: words.votes, labelAnchor: "center", labelArrow: "none" }),
        Plot.text([words.people], {
          frameAnchor: "top-left",
          textAnchor: "start",
          dy: -30,
          fill: colours.soft,
          text: (word: string) => word,
        }),
      ],
    }) as SVGSVGElement;
}
