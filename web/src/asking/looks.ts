/** How fields look that one writes in. */
export const FIELD =
  "block min-h-9 w-full min-w-0 rounded-control border border-line bg-raised px-2.5 text-15 outline-none focus:border-sea";
