import { type FocusEvent, type ReactNode, useLayoutEffect, useRef } from "react";
import { classes } from "./classes";

interface KeptFocusProps {
  /** Changes when something in here may give way to something else. */
  of: string;
  className?: string;
  children: ReactNode;
}

/** Takes the focus when the control in it that had it is gone, so that whoever goes by keys goes on from there. */
export function KeptFocus({ of, className, children }: KeptFocusProps) {
  const box = useRef<HTMLDivElement>(null);
  const inside = useRef(false);
  const onBlur = ({ relatedTarget }: FocusEvent) => {
    // Without a target the reader left it by a press beside everything, or the whole window.
    if (document.hasFocus()) inside.current = !!box.current?.contains(relatedTarget);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  useLayoutEffect(() => {
    if (inside.current && document.activeElement === document.body) box.current?.focus();
  }, [of]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notes where the focus is.
    <div
      ref={box}
      tabIndex={-1}
      className={classes("outline-none", className)}
      onFocus={() => {
        inside.current = true;
      }}
      onBlur={onBlur}
    >
      {children}
    </div>
  );
}
