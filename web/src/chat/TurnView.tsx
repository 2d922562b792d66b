import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Battle, Turn } from "../api/types";
import { AnswerPair } from "./answer/AnswerPair";
import { promptText } from "./model/turnState";
import { Question } from "./Question";

interface TurnViewProps {
  turn: Turn;
  battle: Battle;
  /** Whether this turn puts the same prompt as the one before to a new pair. */
  branch: boolean;
  lastOfBattle: boolean;
  linked: boolean;
  onRetry?: () => void;
}

export const TurnView = memo(function TurnView({ turn, battle, branch, ...rest }: TurnViewProps) {
  const { t } = useTranslation();
  return (
    <section className="pb-8" aria-label={t("chat.turn")} data-turn={turn.id}>
      {branch && (
        <p className="mb-4 flex items-center gap-4 text-13 text-soft before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
          {t("chat.samePromptNewPair")}
        </p>
      )}
      <Question text={promptText(turn)} />
      <AnswerPair turn={turn} battle={battle} {...rest} />
    </section>
  );
});
