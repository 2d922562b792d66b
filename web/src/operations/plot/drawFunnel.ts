import * as Plot from "@observablehq/plot";
import { plotStyle } from "../../boards/plot/drawPlot";
import type { Draw } from "../../boards/plot/PlotFigure";

/** A step, the name of it, and what is written at its bar. */
export interface Step {
  name: string;
  people: number;
  said: string;
}

const STEP_PX = 58;

/** A bar for each step, its name above it. */
export function drawFunnel(steps: Step[]): Draw {
  return (width, colours) => {
    const middle = { y: "name", x: 0, textAnchor: "start", fontSize: 13, dy: -19 } as const;
    return Plot.plot({
      width,
      height: steps.length * STEP_PX + 16,
      marginLeft: 0,
      marginRight: 110,
      marginTop: 12,
      marginBottom: 4,
      style: plotStyle(colours),
      x: { domain: [0, Math.max(1, ...steps.map(({ people }) => people))], axis: null },
      y: { domain: steps.map(({ name }) => name), axis: null, padding: 0 },
      marks: [
        Plot.barX(steps, {
          y: "name",
          x: "people",
          insetTop: 29,
          insetBottom: 9,
          fill: (_: Step, index: number) => (index === steps.length - 1 ? colours.clay : colours.ink),
          fillOpacity: (_: Step, index: number) => (index === steps.length - 1 ? 1 : 0.5),
        }),
        Plot.text(steps, { ...middle, text: "name", fill: colours.ink }),
        Plot.text(steps, { ...middle, x: "people", dx: 8, dy: 10, text: "said", fill: colours.soft }),
      ],
    }) as SVGSVGElement;
  };
}
