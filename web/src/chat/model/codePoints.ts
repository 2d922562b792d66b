/** Offsets on the wire count Unicode code points; JavaScript's strings count UTF-16 units. */

/** How many code points `text` has. */
export function codePointLength(text: string): number {
  let length = 0;
  for (let unit = 0; unit < text.length; unit += width(text, unit)) length += 1;
  return length;
}

/** `known` with everything from the code point `offset` on replaced by `text`; null when `known` ends before `offset`. */
export function replaceFrom(known: string, offset: number, text: string): string | null {
  let unit = 0;
  for (let point = 0; point < offset; point += 1) {
    if (unit >= known.length) return null;
    unit += width(known, unit);
  }
  return known.slice(0, unit) + text;
}

function width(text: string, unit: number): 1 | 2 {
  return (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
}
