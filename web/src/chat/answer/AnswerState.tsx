import { useTranslation } from "react-i18next";
import type { Response } from "../../api/types";
import { textOf } from "../model/turnState";

export type ShownState = "waiting" | "thinking" | "writing" | "done" | "stopped" | "failed";

export function shownState(response: Response): ShownState {
  if (response.status === "queued") return "waiting";
  if (response.status !== "streaming") return response.status;
  if (textOf(response, "text")) return "writing";
  return textOf(response, "reasoning") ? "thinking" : "waiting";
}

interface AnswerStateProps {
  response: Response;
}

/** What a side is doing, in a word. */
export function AnswerState({ response }: AnswerStateProps) {
  const { t } = useTranslation();
  const state = shownState(response);
  const busy = state === "waiting" || state === "thinking" || state === "writing";
  return (
    <span className="inline-flex items-center gap-1.5 text-13 text-soft" data-state={state}>
      {busy && <span aria-hidden="true" className="size-1.5 animate-pulse rounded-full bg-current" />}
      {t(`answer.state.${state}`)}
    </span>
  );
}
