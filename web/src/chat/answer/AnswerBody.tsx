import { memo, useContext } from "react";
import { useTranslation } from "react-i18next";
import type { Response } from "../../api/types";
import { InLine } from "../inLine";
import { AnswerText } from "../markdown/AnswerText";
import { isLive, textOf } from "../model/turnState";
import { AnswerFailure } from "./AnswerFailure";
import { Reasoning } from "./Reasoning";
import { WaitingDots } from "./WaitingDots";

interface AnswerBodyProps {
  response: Response;
  /** Asks this side again; not given where that is not possible. */
  onRetry?: () => void;
}

export const AnswerBody = memo(function AnswerBody({ response, onRetry }: AnswerBodyProps) {
  const { t } = useTranslation();
  const text = textOf(response, "text");
  const reasoning = textOf(response, "reasoning");
  const live = isLive(response);
  const inLine = useContext(InLine);
  return (
    <>
      {reasoning && <Reasoning text={reasoning} thinking={live && !text} />}
      {text && (
        <div data-answer-text="">
          <AnswerText text={text} streaming={live} />
        </div>
      )}
      {live && !text && <WaitingDots />}
      {inLine && <p className="text-soft">{t("answer.inLine")}</p>}
      {response.status === "done" && !text && <p className="text-soft">{t("answer.nothing")}</p>}
      {response.status === "done" && response.finish_reason === "length" && (
        <p className="mt-3 text-13 text-soft">{t("answer.cut")}</p>
      )}
      {(response.status === "failed" || response.status === "stopped") && (
        <AnswerFailure response={response} onRetry={onRetry} />
      )}
    </>
  );
});
