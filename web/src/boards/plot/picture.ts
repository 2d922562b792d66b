import type { Colours } from "./useColours";

const SVG = "http://www.w3.org/2000/svg";
const HEAD_PX = 64;
const FOOT_PX = 36;
const MARGIN_PX = 24;

export interface Words {
  title: string;
  foot: string;
}

/** A plot with its title above and its source below, complete in itself. */
export function frame(plot: SVGSVGElement, { title, foot }: Words, colours: Colours): SVGSVGElement {
  const [width, height] = [Number(plot.getAttribute("width")), Number(plot.getAttribute("height"))];
  const whole = height + HEAD_PX + FOOT_PX;
  const picture = document.createElementNS(SVG, "svg");
  set(picture, { xmlns: SVG, width, height: whole, viewBox: `0 0 ${width} ${whole}` });
  const ground = document.createElementNS(SVG, "rect");
  set(ground, { width, height: whole, fill: colours.ground });
  set(plot, { y: HEAD_PX });
  const serif = '"Source Serif 4 Variable", Georgia, "Songti SC", "Noto Serif CJK SC", serif';
  picture.append(
    ground,
    line(title, { y: 40, "font-size": 20, fill: colours.ink, "font-family": serif }),
    plot,
    line(foot, {
      y: whole - 16,
      "font-size": 13,
      fill: colours.soft,
      "font-family": "system-ui, sans-serif",
    }),
  );
  return picture;
}

export function toSvgText(picture: SVGSVGElement): string {
  return new XMLSerializer().serializeToString(picture);
}

/** The picture in pixels, two for each of its own. */
export async function toPng(picture: SVGSVGElement): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([toSvgText(picture)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width * 2;
    canvas.height = image.height * 2;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))),
        "image/png",
      ),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

function line(text: string, attributes: Record<string, string | number>): SVGTextElement {
  const element = document.createElementNS(SVG, "text");
  set(element, { x: MARGIN_PX, ...attributes });
  element.textContent = text;
  return element;
}

function set(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
