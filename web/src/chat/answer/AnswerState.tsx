import { useContext } from "react";
import { useTranslation } from "react-i18next";
import type { Response } from "../../api/types";
import { InLine } from "../inLine";
import { isLive, textOf } from "../model/turnState";
import { Reconnecting } from "../reconnecting";

type ShownState =
  | "reconnecting"
  | "inLine"
  | "waiting"
  | "thinking"
  | "writing"
  | "done"
  | "stopped"
  | "failed";

function shownState(response: Response, reconnecting: boolean, inLine: boolean): ShownState {
  if (reconnecting && isLive(response)) return "reconnecting";
  if (inLine) return "inLine";
  if (response.status === "queued") return "waiting";
  if (response.status !== "streaming") return response.status;
  if (textOf(response, "text")) return "writing";
  return textOf(response, "reasoning") ? "thinking" : "waiting";
}

interface AnswerStateProps {
  response: Response;
}

/** What a side is doing, in a word; while the connection is broken, that this is not known. */
export function AnswerState({ response }: AnswerStateProps) {
  const { t } = useTranslation();
  const state = shownState(response, useContext(Reconnecting), useContext(InLine));
  return (
    <span className="inline-flex items-center gap-1.5 text-13 text-soft" data-state={state}>
      {isLive(response) && (
        <span aria-hidden="true" className="size-1.5 animate-pulse rounded-full bg-current" />
      )}
      {t(`answer.state.${state}`)}
    </span>
  );
}
