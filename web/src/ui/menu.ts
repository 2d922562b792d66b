/** How menus of actions look. */
export const MENU = "z-60 max-w-72 min-w-48 rounded-card border border-line bg-raised p-1 shadow-soft";
export const MENU_ITEM =
  "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-control px-2.5 text-15 -outline-offset-2 select-none data-highlighted:bg-ink/5 data-disabled:cursor-default data-disabled:text-soft data-[state=open]:bg-ink/5";

/** The three dots that open what can be done with something. */
export const MORE =
  "inline-flex size-9 shrink-0 items-center justify-center rounded-control text-soft hover:bg-ink/5 hover:text-ink data-[state=open]:bg-ink/5";
