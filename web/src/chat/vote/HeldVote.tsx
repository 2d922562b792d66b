import { useTranslation } from "react-i18next";
import type { Choice } from "../../api/types";
import { Button } from "../../ui/Button";

interface HeldVoteProps {
  choice: Choice;
  /** Whether the names are known, so that the vote only becomes final. */
  named: boolean;
  secondsLeft: number;
  /** Not given once it cannot be taken back any more. */
  onTakeBack?: () => void;
  onCastNow: () => void;
}

/** A choice that can still be taken back. */
export function HeldVote({ choice, named, secondsLeft, onTakeBack, onCastNow }: HeldVoteProps) {
  const { t } = useTranslation();
  return (
    <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <p className="text-15">
        <strong className="font-semibold">
          {t("vote.youChose", { choice: t(`vote.choice.${choice}`) })}
        </strong>{" "}
        <span className="text-soft tabular-nums">
          {t(named ? "vote.finalIn" : "vote.namesIn", { count: secondsLeft })}
        </span>
      </p>
      <div className="flex gap-2 max-md:w-full max-md:*:flex-1">
        {onTakeBack && (
          <Button data-testid="take-back" onClick={onTakeBack}>
            {t("vote.takeBack")}
          </Button>
        )}
        <Button kind="main" data-testid="reveal-now" onClick={onCastNow}>
          {t(named ? "vote.castNow" : "vote.showNow")}
        </Button>
      </div>
    </div>
  );
}
