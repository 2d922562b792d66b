import { readSetting } from "../app/settings";

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

export function isLanguage(value: string | null): value is Language {
  return LANGUAGES.includes(value as Language);
}

/** The language chosen here before, else the first of the browser's that we have, else English. */
export function preferredLanguage(browser: readonly string[] = navigator.languages): Language {
  const chosen = readSetting("language");
  if (isLanguage(chosen)) return chosen;
  for (const tag of browser) {
    const base = tag.toLowerCase().split("-")[0] ?? "";
    if (isLanguage(base)) return base;
  }
  return "en";
}

/** A language as it is written where the reader lives, for dates and numbers: British English, say. */
export function regional(language: string, browser: readonly string[] = navigator.languages): string {
  return browser.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

/** "A, B and C" in a regional language. */
export const listed = (words: string[], language: string): string =>
  new Intl.ListFormat(language).format(words);

/** What parts two sentences: nothing in Chinese, whose full stop is wide enough. */
export const pause = (language: string): string => (language === "zh" ? "" : " ");
