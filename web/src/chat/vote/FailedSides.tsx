import { useTranslation } from "react-i18next";
import type { Battle, Turn } from "../../api/types";
import { Button } from "../../ui/Button";

/** Ways on for which the same words to the same models are of no use. */
const NEEDS_OTHER_WORDS: readonly unknown[] = ["refused", "too_long"];

interface FailedSidesProps {
  turn: Turn;
  battle: Battle;
  onRetry?: () => void;
  onNewPair: () => void;
  onEdit: () => void;
}

/** Which sides failed, so that there is no vote, and the ways on. */
export function FailedSides({ turn, battle, onRetry, onNewPair, onEdit }: FailedSidesProps) {
  const { t } = useTranslation();
  const failed = turn.responses.filter(({ status }) => status === "failed");
  const [first] = failed;
  const reword = failed.some(({ error }) => NEEDS_OTHER_WORDS.includes(error));
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2" data-testid="failed-sides">
      <p className="text-15 text-pretty">
        {failed.length === 1 && first
          ? t("vote.failed.one", { side: first.side.toUpperCase() })
          : t("vote.failed.both")}
      </p>
      <div className="flex flex-wrap gap-2 max-md:w-full max-md:*:flex-auto max-md:*:px-2 max-md:*:text-13">
        <Button data-testid="rephrase" kind={reword ? "main" : "plain"} onClick={onEdit}>
          {t("vote.rephrase")}
        </Button>
        {battle.mode === "battle" && (
          <Button data-testid="new-pair" kind={onRetry || reword ? "plain" : "main"} onClick={onNewPair}>
            {t("vote.newPair")}
          </Button>
        )}
        {onRetry && (
          <Button data-testid="retry" kind={reword ? "plain" : "main"} onClick={onRetry}>
            {t("answer.retry")}
          </Button>
        )}
      </div>
    </div>
  );
}
