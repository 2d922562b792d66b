import { lazy, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Battle, Turn } from "../../api/types";
import { useKeysOn } from "../../app/keys";
import { mine } from "../../app/mine";
import { useSwitch } from "../../app/useSwitch";
import { Fetched } from "../../ui/Fetched";
import { Notice } from "../../ui/Notice";
import { useProblemText } from "../../ui/useProblemText";
import { isLive, voteStage } from "../model/turnState";
import { FailedSides } from "./FailedSides";
import { HeldVote } from "./HeldVote";
import type { useVote } from "./useVote";
import { VoteButtons } from "./VoteButtons";
import { VoteOutcome } from "./VoteOutcome";

// Whoever has not asked to guess does without it.
const GuessFirst = lazy(async () => ({ default: (await mine()).GuessFirst }));

interface VoteBarProps {
  turn: Turn;
  battle: Battle;
  arena: string;
  vote: ReturnType<typeof useVote>;
  onAskOn: () => void;
  onNewPair: () => void;
  onEdit: () => void;
  /** Asks the failed sides again; not given where the conversation has gone on. */
  onRetry?: () => void;
}

/** The vote on a turn's battle, from waiting to the outcome. */
export function VoteBar({ turn, battle, arena, vote, onAskOn, ...ways }: VoteBarProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const waitingText = useId();
  const keysOn = useKeysOn();
  const [guesses] = useSwitch("guess", false);
  const stage = voteStage(turn, battle);
  // One model alone is not voted on.
  const mode = battle.mode === "battle" ? "battle" : "side_by_side";
  const open = stage === "open" && !vote.held && !vote.casting;

  const problem = vote.error && (
    <Notice tone="wrong" live testId="problem" className="mb-2">
      {problemText(vote.error)}
    </Notice>
  );

  if (stage === "none") return null;
  if (stage === "voted" && battle.vote) {
    const voted = { turn, battle, vote: battle.vote };
    return <VoteOutcome {...voted} onAskOn={onAskOn} onNewPair={ways.onNewPair} />;
  }
  if (stage === "left") {
    return (
      <p className="text-15 text-soft" data-testid="vote-left">
        {t(`vote.left.${mode}`)}
      </p>
    );
  }
  if (stage === "blocked") return <FailedSides turn={turn} battle={battle} {...ways} />;
  if (vote.held) {
    return (
      <>
        {problem}
        <HeldVote
          choice={vote.held}
          named={mode !== "battle"}
          secondsLeft={vote.secondsLeft}
          late={vote.late}
          onTakeBack={vote.putOff || vote.late ? undefined : vote.takeBack}
          onCastNow={vote.castNow}
        />
        {mode === "battle" && guesses && (
          <Fetched instead={null}>
            <GuessFirst battle={battle} arena={arena} putOff={vote.putOff} onNews={vote.put} />
          </Fetched>
        )}
      </>
    );
  }
  const writing = turn.responses.filter(isLive).map(({ side }) => side.toUpperCase());
  const waiting =
    writing.length === 1 ? t("vote.waitingForOne", { side: writing[0] }) : t("vote.waitingForBoth");
  return (
    <>
      {problem}
      <VoteButtons waitingFor={open ? undefined : waitingText} onChoose={vote.choose} />
      <p id={waitingText} className="mt-1.5 text-center text-13 text-soft" data-testid="vote-note">
        {vote.casting ? t("vote.casting") : open ? t(`vote.openText.${mode}`) : waiting}
        {open && keysOn && <span className="max-md:hidden"> {t("vote.keys")}</span>}
      </p>
    </>
  );
}
