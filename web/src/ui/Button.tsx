import type { ComponentProps } from "react";
import { classes } from "./classes";

type Kind = "main" | "plain" | "quiet" | "grave";

const LOOKS: Record<Kind, string> = {
  main: "bg-clay text-on-accent border-clay hover:brightness-110",
  plain: "bg-raised text-ink border-line hover:border-soft",
  grave: "bg-wine text-on-accent border-wine hover:brightness-110",
  quiet: "bg-transparent text-soft border-transparent hover:text-ink hover:bg-ink/5",
};

interface ButtonProps extends ComponentProps<"button"> {
  kind?: Kind;
}

export function Button({ kind = "plain", className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classes(
        "inline-flex min-h-9 items-center justify-center gap-2 rounded-control border px-3 text-15 font-medium",
        "transition-colors disabled:cursor-not-allowed disabled:opacity-50",
        LOOKS[kind],
        className,
      )}
      {...rest}
    />
  );
}
