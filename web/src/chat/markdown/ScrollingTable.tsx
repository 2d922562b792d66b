import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import type { ExtraProps } from "streamdown";

/** A wide table scrolls by itself, by keyboard too. */
export function ScrollingTable({ children }: ComponentProps<"table"> & ExtraProps) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="scrolling" aria-label={t("answer.table")} tabIndex={0}>
      <table>{children}</table>
    </section>
  );
}
