/** How the menus of the toolbar look. */
export const TRIGGER =
  "flex h-10 items-center gap-2 rounded-control border border-line bg-raised px-3 transition-colors hover:border-soft data-[state=open]:border-soft";
export const CONTENT =
  "z-20 max-h-[min(24rem,var(--radix-dropdown-menu-content-available-height))] min-w-48 overflow-y-auto rounded-card border border-line bg-raised p-1 shadow-soft";
export const ITEM =
  "flex min-h-9 cursor-pointer items-center gap-2 rounded-control px-2 -outline-offset-2 select-none data-[highlighted]:bg-sunken";
