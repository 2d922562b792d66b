/** How a link looks that stands in a text or by itself. */
export const LINK = "font-medium text-clay underline underline-offset-4";
