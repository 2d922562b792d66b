import { useTranslation } from "react-i18next";
import { setTheme, THEMES, useTheme } from "../app/theme";
import { IconButton } from "../ui/IconButton";

const ICONS = { system: "system", light: "sun", dark: "moon" } as const;

/** Goes from the system's theme to light to dark and round again. */
export function ThemeSwitch() {
  const { t } = useTranslation();
  const theme = useTheme();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  return (
    <IconButton
      icon={ICONS[theme]}
      label={t("shell.theme", { present: t(`shell.themes.${theme}`), next: t(`shell.themes.${next}`) })}
      data-testid="theme-switch"
      data-theme-choice={theme}
      onClick={() => setTheme(next)}
    />
  );
}
