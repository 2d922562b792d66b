import { useTranslation } from "react-i18next";
import type { Response } from "../../api/types";
import { isKey } from "../../i18n/keys";
import { Button } from "../../ui/Button";
import { classes } from "../../ui/classes";
import { Icon } from "../../ui/Icon";

interface AnswerFailureProps {
  response: Response;
  onRetry?: () => void;
}

/** Why a side has not finished, in one sentence, and what can be done. */
export function AnswerFailure({ response, onRetry }: AnswerFailureProps) {
  const { t, i18n } = useTranslation();
  const failed = response.status === "failed";
  const reason = `answerError.${response.error}`;
  return (
    <div
      className={classes(
        "mt-3 flex flex-wrap items-center justify-between gap-3 rounded-control px-3 py-2 text-15",
        failed ? "bg-wine-wash" : "bg-ink/5",
      )}
    >
      <p>{failed ? t(isKey(i18n, reason) ? reason : "answerError.failed") : t("answer.stoppedText")}</p>
      {onRetry && (
        <Button data-testid="retry" onClick={onRetry}>
          <Icon name="retry" size={16} />
          {t("answer.retry")}
        </Button>
      )}
    </div>
  );
}
