import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { save } from "../download";
import { frame, toPng, toSvgText } from "./picture";
import { type Colours, useColours } from "./useColours";
import { useWidth } from "./useWidth";

const PICTURE_PX = 960;
const BUTTON = "min-h-9 rounded-control text-sea underline-offset-4 hover:underline";

export type Draw = (width: number, colours: Colours) => SVGSVGElement;

interface PlotFigureProps {
  /** What files of it are called. */
  name: string;
  /** The finding. */
  title: string;
  how: string;
  /** Below the picture that leaves the page. */
  foot: string;
  /** Kept from one time to the next where nothing else is to be drawn; null where there is nothing but the table. */
  draw: Draw | null;
  /** The same as numbers. */
  table: ReactNode;
  testId: string;
  children?: ReactNode;
}

/** A plot under a title that says what it shows, the same as a table, and as a file. */
export function PlotFigure({ name, title, how, foot, draw, table, testId, children }: PlotFigureProps) {
  const { t } = useTranslation("boards");
  const colours = useColours();
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  const [wantsTable, setWantsTable] = useState(false);
  const asTable = wantsTable || !draw;

  useEffect(() => {
    if (width === 0 || asTable) return;
    const svg = draw(width, colours);
    // One picture with one name: names, numbers and order are in the table behind the switch.
    for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", title);
    holder.current?.replaceChildren(svg);
  }, [draw, colours, width, title, asTable]);

  const picture = (plot: Draw) => frame(plot(PICTURE_PX, colours), { title, foot }, colours);
  return (
    <figure data-testid={testId} className="border-t border-line pt-6">
      <figcaption>
        <h2 className="font-serif text-22 text-balance">{title}</h2>
        <p className="mt-1 max-w-2xl text-13 text-soft text-pretty">{how}</p>
        {draw && (
          <p className="mt-2 flex flex-wrap gap-x-5">
            <button
              type="button"
              className={BUTTON}
              aria-pressed={asTable}
              onClick={() => setWantsTable(!asTable)}
            >
              {asTable ? t("plot.as_plot") : t("plot.as_table")}
            </button>
            <button
              type="button"
              className={BUTTON}
              onClick={() => save(`${name}.svg`, "image/svg+xml", toSvgText(picture(draw)))}
            >
              {t("plot.svg")}
            </button>
            <button
              type="button"
              className={BUTTON}
              onClick={async () => save(`${name}.png`, "image/png", await toPng(picture(draw)))}
            >
              {t("plot.png")}
            </button>
          </p>
        )}
        {children}
      </figcaption>
      <div ref={holder} className="mt-2" hidden={asTable} />
      {asTable && table}
    </figure>
  );
}
