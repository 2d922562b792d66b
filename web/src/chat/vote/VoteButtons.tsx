import { useTranslation } from "react-i18next";
import type { Choice } from "../../api/types";
import { useKeyOf } from "../../app/keys";
import { classes } from "../../ui/classes";
import { CHOICES, TEST_IDS } from "./choices";

interface VoteButtonsProps {
  /** Id of the text that says why one cannot vote yet; without it one can. */
  waitingFor?: string;
  onChoose: (choice: Choice) => void;
}

const MARKS: Partial<Record<Choice, string>> = {
  a: "rounded-full bg-clay",
  b: "rounded-[2px] bg-sea",
};

export function VoteButtons({ waitingFor, onChoose }: VoteButtonsProps) {
  const { t } = useTranslation();
  const keyOf = useKeyOf();
  return (
    <fieldset className="grid grid-cols-4 gap-1.5 md:gap-2">
      <legend className="sr-only">{t("vote.legend")}</legend>
      {CHOICES.map((choice, index) => (
        <button
          key={choice}
          type="button"
          data-testid={TEST_IDS[choice]}
          // Not `disabled`: whoever comes by keyboard should find it and hear what it waits for.
          aria-disabled={waitingFor !== undefined}
          aria-describedby={waitingFor}
          aria-keyshortcuts={keyOf(String(index + 1))}
          onClick={() => waitingFor === undefined && onChoose(choice)}
          className={classes(
            "flex min-h-11 items-center justify-center gap-2 rounded-control border border-line bg-raised px-1.5 py-1 text-13 font-medium transition-colors md:text-15",
            waitingFor === undefined
              ? "hover:border-ink hover:bg-ink/4"
              : "cursor-not-allowed! text-soft opacity-70",
          )}
        >
          {keyOf("1") && (
            <kbd className="hidden min-w-5 rounded-[4px] border border-line px-1 font-mono text-13 font-normal text-soft md:inline-block">
              {index + 1}
            </kbd>
          )}
          {MARKS[choice] && (
            <span aria-hidden="true" className={classes("size-2 shrink-0 max-md:hidden", MARKS[choice])} />
          )}
          <span className="leading-tight">{t(`vote.choice.${choice}`)}</span>
        </button>
      ))}
    </fieldset>
  );
}
