import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { makeFormat } from "../boards/format";
import { regional } from "../i18n/language";

export type Format = ReturnType<typeof makeFigureFormat>;

/** How figures of people and days are written in a language. Days are those of UTC. */
export function makeFigureFormat(language: string) {
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const medium = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
  return {
    ...makeFormat(language),
    percent: (share: number) => percent.format(share),
    /** In one piece: a narrow cell breaks before it. */
    interval: (lower: number, upper: number) =>
      `${Math.round(100 * lower)}\u2060–\u2060${percent.format(upper)}`.replaceAll(" ", "\u00a0"),
    short: (iso: string) => medium.format(new Date(iso)),
    day: (iso: string | Date) => day.format(new Date(iso)),
  };
}

export function useFigureFormat(): Format {
  const { i18n } = useTranslation();
  return useMemo(() => makeFigureFormat(regional(i18n.language)), [i18n.language]);
}
