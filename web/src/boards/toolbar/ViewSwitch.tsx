import { useTranslation } from "react-i18next";
import { Segments } from "../../ui/Segments";
import type { View } from "../useFilters";

const VIEWS: View[] = ["table", "plot"];

export function ViewSwitch({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  const { t } = useTranslation("boards");
  return (
    <Segments
      testId="board-view"
      label={t("view.label")}
      value={view}
      options={VIEWS.map((value) => ({ value, name: t(`view.${value}`) }))}
      onChange={onChange}
    />
  );
}
