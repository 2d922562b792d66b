import type { ComponentProps } from "react";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  icon: IconName;
  /** What it does; read out, and shown on hovering. */
  label: string;
  /** Shows the label beside the drawing. */
  worded?: boolean;
}

export function IconButton({ icon, label, worded = false, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={worded ? undefined : label}
      title={worded ? undefined : label}
      className={classes(
        "inline-flex h-9 min-w-9 items-center justify-center gap-1.5 rounded-control text-soft transition-colors",
        "hover:bg-ink/5 hover:text-ink disabled:opacity-40",
        worded && "px-2 text-13 whitespace-nowrap",
        className,
      )}
      {...rest}
    >
      <Icon name={icon} size={worded ? 15 : 18} />
      {worded && label}
    </button>
  );
}
