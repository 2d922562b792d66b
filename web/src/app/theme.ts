import { choose, chosen, readChoice, useChoice } from "./chosen";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const systemDark = () => matchMedia("(prefers-color-scheme: dark)");

const themeOf = (kept: string | null): Theme => (kept === "light" || kept === "dark" ? kept : "system");

export const useTheme = (): Theme => themeOf(useChoice("theme"));

export const setTheme = (theme: Theme): void => choose("theme", theme === "system" ? null : theme);

/** Keeps the page in step with what the reader chose, and with the system while they have not. */
export function followTheme(): void {
  chosen.follow(applyTheme);
  systemDark().addEventListener("change", applyTheme);
}

// public/theme.js does the same before the first paint, where modules cannot run.
function applyTheme(): void {
  const theme = themeOf(readChoice("theme"));
  const dark = theme === "dark" || (theme === "system" && systemDark().matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document
    .querySelector("meta[name=theme-color]")
    ?.setAttribute("content", getComputedStyle(document.documentElement).getPropertyValue("--ground"));
}
