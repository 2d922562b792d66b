import { type RefObject, useContext, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Battle, SideName, Turn } from "../../api/types";
import { classes } from "../../ui/classes";
import { InLine } from "../inLine";
import { isLive, standsInLine, voteStage } from "../model/turnState";
import { Reconnecting } from "../reconnecting";
import { AnswerCard } from "./AnswerCard";
import { AnswerHead } from "./AnswerHead";
import { SideSwitch } from "./SideSwitch";
import { useLinkedScroll } from "./useLinkedScroll";

interface AnswerPairProps {
  turn: Turn;
  battle: Battle;
  lastOfBattle: boolean;
  linked: boolean;
  onRetry?: () => void;
}

/** A turn's answers: two of the same height beside each other, or one. */
export function AnswerPair({ turn, battle, lastOfBattle, linked, onRetry }: AnswerPairProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<SideName>("a");
  const [expanded, setExpanded] = useState(false);
  const scrollers: Record<SideName, RefObject<HTMLDivElement | null>> = { a: useRef(null), b: useRef(null) };
  useLinkedScroll(scrollers.a, scrollers.b, linked && !expanded);
  // Where a side failed, the ways on stand in the vote bar, for both.
  const retry = voteStage(turn, battle) === "blocked" ? undefined : onRetry;
  const single = turn.responses.length === 1;
  const reconnecting = useContext(Reconnecting);
  return (
    <InLine value={standsInLine(turn, battle) && !reconnecting}>
      {!single && <SideSwitch responses={turn.responses} shown={shown} onShow={setShown} />}
      <div
        data-answers={turn.id}
        className={classes(
          "grid scroll-mt-34 grid-rows-[auto_1fr_auto] gap-x-4 md:scroll-mt-20",
          single ? "mx-auto w-full max-w-3xl" : "max-md:mt-3 md:grid-cols-2",
        )}
      >
        {turn.responses.map((response) => (
          <AnswerCard
            key={response.side}
            response={response}
            head={
              <AnswerHead
                battle={battle}
                side={response.side}
                last={lastOfBattle}
                ended={!turn.responses.some(isLive)}
              />
            }
            label={single ? t("answer.one") : t("answer.label", { side: response.side.toUpperCase() })}
            scroller={scrollers[response.side]}
            expanded={expanded || single}
            onExpand={single ? undefined : () => setExpanded(!expanded)}
            onRetry={retry}
            revealed={lastOfBattle && battle.reveal !== null}
            chosen={battle.vote?.choice === response.side}
            className={classes(!single && response.side !== shown && "max-md:hidden")}
          />
        ))}
      </div>
    </InLine>
  );
}
