import { useTranslation } from "react-i18next";
import type { Response, SideName } from "../../api/types";
import { classes } from "../../ui/classes";
import { SideMark } from "../../ui/SideMark";
import { AnswerState } from "./AnswerState";

interface SideSwitchProps {
  responses: Response[];
  shown: SideName;
  onShow: (side: SideName) => void;
}

/** On narrow screens: which of the two answers is shown, and how far both are. */
export function SideSwitch({ responses, shown, onShow }: SideSwitchProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="sticky top-14 z-10 -mx-4 grid grid-cols-2 gap-1 border-b border-line bg-ground px-4 py-2 md:hidden">
      <legend className="sr-only">{t("answer.which")}</legend>
      {responses.map((response) => (
        <button
          key={response.side}
          type="button"
          aria-pressed={response.side === shown}
          data-testid={`side-switch-${response.side}`}
          onClick={() => onShow(response.side)}
          className={classes(
            "flex min-h-11 items-center justify-between gap-2 rounded-control border px-3 transition-colors",
            response.side === shown ? "border-line bg-raised shadow-soft" : "border-transparent",
          )}
        >
          <SideMark side={response.side} />
          <AnswerState response={response} />
        </button>
      ))}
    </fieldset>
  );
}
