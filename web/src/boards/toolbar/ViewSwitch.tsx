import { useTranslation } from "react-i18next";
import type { View } from "../useFilters";

const VIEWS: View[] = ["table", "plot"];

export function ViewSwitch({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  const { t } = useTranslation("boards");
  return (
    <fieldset className="flex h-10 rounded-control border border-line p-0.5">
      <legend className="sr-only">{t("view.label")}</legend>
      {VIEWS.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={view === each}
          data-testid={`board-view-${each}`}
          onClick={() => onChange(each)}
          className="rounded-[4px] px-3 text-soft transition-colors hover:text-ink aria-pressed:bg-sunken aria-pressed:text-ink"
        >
          {t(`view.${each}`)}
        </button>
      ))}
    </fieldset>
  );
}
