import { useTranslation } from "react-i18next";
import type { Choice } from "../../api/types";
import { useKeyOf } from "../../app/keys";
import { pause } from "../../i18n/language";
import { Button } from "../../ui/Button";

interface HeldVoteProps {
  choice: Choice;
  /** Whether the names are known, so that the vote only becomes final. */
  named: boolean;
  secondsLeft: number;
  /** Whether it is final, and the arena cannot be asked who it was. */
  late: boolean;
  /** Not given once it cannot be taken back any more. */
  onTakeBack?: () => void;
  onCastNow: () => void;
}

/** A choice that can still be taken back. */
export function HeldVote({ choice, named, secondsLeft, late, onTakeBack, onCastNow }: HeldVoteProps) {
  const { t, i18n } = useTranslation();
  const keyOf = useKeyOf();
  return (
    <div
      className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-2"
      data-testid="held-vote"
    >
      <p className="text-15">
        <strong className="font-semibold">
          {t("vote.youChose", { choice: t(`vote.choice.${choice}`) })}
        </strong>
        {pause(i18n.language)}
        {late ? (
          <span role="status" className="text-ochre">
            {t(named ? "vote.late.named" : "vote.late.blind")}
          </span>
        ) : (
          <span className="text-soft tabular-nums">
            {t(named ? "vote.finalIn" : "vote.namesIn", { count: secondsLeft })}
          </span>
        )}
      </p>
      <div className="flex gap-2 max-md:w-full max-md:*:flex-1">
        {onTakeBack && (
          <Button data-testid="take-back" aria-keyshortcuts={keyOf("u")} onClick={onTakeBack}>
            {t("vote.takeBack")}
          </Button>
        )}
        <Button kind="main" data-testid="reveal-now" aria-keyshortcuts={keyOf("v")} onClick={onCastNow}>
          {t(named ? "vote.castNow" : "vote.showNow")}
        </Button>
      </div>
    </div>
  );
}
