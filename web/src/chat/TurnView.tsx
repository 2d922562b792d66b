import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Battle, Turn } from "../api/types";
import { AnswerPair } from "./answer/AnswerPair";
import { InsteadNote } from "./InsteadNote";
import type { Version } from "./model/branches";
import type { Instead } from "./model/instead";
import { Question } from "./question/Question";

// The version's members one by one, so that what has not changed is seen to be the same.
interface TurnViewProps extends Version {
  turn: Turn;
  battle: Battle;
  instead?: Instead;
  lastOfBattle: boolean;
  linked: boolean;
  onRetry?: () => void;
  onShow: (turnId: string) => void;
  onEdit: (turn: Turn, again?: boolean) => void;
}

export const TurnView = memo(function TurnView(props: TurnViewProps) {
  const { turn, battle, instead, lastOfBattle, linked, onRetry, ...question } = props;
  const { t } = useTranslation();
  return (
    <section className="pb-8" aria-label={t("chat.turn")} data-turn={turn.id}>
      <Question turn={turn} {...question} />
      {instead && <InsteadNote instead={instead} />}
      <AnswerPair
        key={turn.id}
        turn={turn}
        battle={battle}
        lastOfBattle={lastOfBattle}
        linked={linked}
        onRetry={onRetry}
      />
    </section>
  );
});
