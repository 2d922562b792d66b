import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SideName } from "../api/types";
import { AnswerCard } from "../chat/answer/AnswerCard";
import { SideSwitch } from "../chat/answer/SideSwitch";
import { classes } from "../ui/classes";
import type { SharedBattle, SharedTurn } from "./endpoints";
import { asResponse, questionOf } from "./model";
import { SharedHead } from "./SharedHead";
import { useOutcome } from "./useResultWords";

interface SharedTurnViewProps {
  turn: SharedTurn;
  battle: SharedBattle;
  /** Whether the battle ends here, and its outcome is told. */
  last: boolean;
}

/** A question, its answers in the chat's own look, and how it ended. */
export function SharedTurnView({ turn, battle, last }: SharedTurnViewProps) {
  const { t } = useTranslation(["sharing", "page"]);
  const [shown, setShown] = useState<SideName>("a");
  const [expanded, setExpanded] = useState(false);
  const scrollers = { a: useRef<HTMLDivElement>(null), b: useRef<HTMLDivElement>(null) };
  const responses = turn.answers.map(asResponse);
  const single = responses.length === 1;
  const outcome = useOutcome()(battle.choice, battle.names);
  return (
    <section className="pb-8" aria-label={t("page.turn")} data-testid="shared-turn">
      <h2 className="sr-only">{t("page.question")}</h2>
      <div className="mb-4 flex justify-end">
        <p
          dir="auto"
          className="max-w-[min(44rem,92%)] rounded-card bg-ink/5 px-4 py-2.5 text-15 break-words whitespace-pre-wrap"
        >
          {questionOf(turn)}
        </p>
      </div>
      {!single && <SideSwitch responses={responses} shown={shown} onShow={setShown} />}
      <div
        className={classes(
          "grid grid-rows-[auto_1fr_auto] gap-x-4",
          single ? "mx-auto w-full max-w-3xl" : "max-md:mt-3 md:grid-cols-2",
        )}
      >
        {responses.map((response) => (
          <AnswerCard
            key={response.side}
            response={response}
            head={
              <SharedHead
                side={single ? null : response.side}
                name={battle.names?.[response.side] ?? null}
                chosen={last && battle.choice === response.side}
              />
            }
            label={
              single ? t("page:answer.one") : t("page:answer.label", { side: response.side.toUpperCase() })
            }
            scroller={scrollers[response.side]}
            expanded={expanded || single}
            onExpand={single ? undefined : () => setExpanded(!expanded)}
            chosen={last && battle.choice === response.side}
            className={classes(!single && response.side !== shown && "max-md:hidden")}
          />
        ))}
      </div>
      {last && outcome && (
        <p className="mt-3 text-center font-serif text-17 font-semibold" data-testid="shared-outcome">
          {t("page.voted", { outcome })}
        </p>
      )}
    </section>
  );
}
