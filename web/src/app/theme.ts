import { readSetting, writeSetting } from "./settings";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const systemDark = () => matchMedia("(prefers-color-scheme: dark)");

export function currentTheme(): Theme {
  const chosen = readSetting("theme");
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

export function setTheme(theme: Theme): void {
  writeSetting("theme", theme === "system" ? null : theme);
  applyTheme();
}

/** Keeps the page in step with the system while the reader has not chosen a theme. */
export function followSystemTheme(): void {
  systemDark().addEventListener("change", applyTheme);
}

// public/theme.js does the same before the first paint, where modules cannot run.
function applyTheme(): void {
  const theme = currentTheme();
  const dark = theme === "dark" || (theme === "system" && systemDark().matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document
    .querySelector("meta[name=theme-color]")
    ?.setAttribute("content", getComputedStyle(document.documentElement).getPropertyValue("--ground"));
}
