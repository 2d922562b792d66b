import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { regional } from "../i18n/language";
import type { Rated, Row } from "./model/board";

export type Format = ReturnType<typeof makeFormat>;

/** How a board writes its numbers in a language. */
export function makeFormat(language: string) {
  const count = new Intl.NumberFormat(language);
  const points = new Intl.NumberFormat(language, {
    maximumFractionDigits: 0,
    useGrouping: false,
    signDisplay: "negative",
  });
  const score = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const price = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const tokens = new Intl.NumberFormat("en", { notation: "compact" });
  const date = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  return {
    count: (value: number) => count.format(value),
    points: (value: number) => points.format(value).replace("-", "−"),
    score: (value: number) => score.format(value),
    price: (value: number) => price.format(value),
    tokens: (value: number) => tokens.format(value),
    date: (iso: string) => date.format(new Date(iso)),
  };
}

export function useFormat(): Format {
  const { i18n } = useTranslation("boards");
  return useMemo(() => makeFormat(regional(i18n.language)), [i18n.language]);
}

/** "± 5" where the interval reaches equally far to both sides, else its two ends. */
export function spread(row: Rated, format: Format): string {
  const [down, up] = [row.rating - row.lower, row.upper - row.rating];
  if (Math.abs(up - down) < 1) return `± ${format.points((up + down) / 2)}`;
  return `[${format.points(row.lower)}, ${format.points(row.upper)}]`;
}

/** "1–3", or "2" where the votes leave one place only; null without an order. */
export function rankInterval(row: Row): string | null {
  if (row.rank_best === null || row.rank_worst === null) return null;
  return row.rank_best === row.rank_worst ? `${row.rank_best}` : `${row.rank_best}–${row.rank_worst}`;
}
