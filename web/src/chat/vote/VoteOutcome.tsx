import { lazy } from "react";
import { useTranslation } from "react-i18next";
import type { Battle, Turn, Vote } from "../../api/types";
import { mine } from "../../app/mine";
import { useSwitch } from "../../app/useSwitch";
import { isKey } from "../../i18n/keys";
import { pause } from "../../i18n/language";
import { Button } from "../../ui/Button";
import { classes } from "../../ui/classes";
import { Fetched } from "../../ui/Fetched";
import { Icon } from "../../ui/Icon";

const GuessResult = lazy(async () => ({ default: (await mine()).GuessResult }));
const ShareButton = lazy(() => import("../../sharing/ShareButton"));

interface VoteOutcomeProps {
  turn: Turn;
  battle: Battle;
  vote: Vote;
  onAskOn: () => void;
  onNewPair: () => void;
}

/** What was chosen, whose answer goes on, and the ways on. */
export function VoteOutcome({ turn, battle, vote, onAskOn, onNewPair }: VoteOutcomeProps) {
  const { t, i18n } = useTranslation();
  const [guesses] = useSwitch("guess", false);
  const blind = battle.mode === "battle";
  const carried = blind ? battle.carried : null;
  const reason = `vote.reason.${vote.reason}`;
  const goesOn = carried
    ? t(`vote.carried.${carried.by}`, { side: carried.side.toUpperCase() })
    : t(blind ? "vote.carried.none" : "vote.carried.each");
  // After two bad answers the same question to others is what one wants most.
  const askOnFirst = carried !== null || !blind;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2" data-testid="vote-outcome">
      <div className="min-w-0 text-15">
        <p>
          <strong className="font-semibold">
            {t("vote.youChose", { choice: t(`vote.choice.${vote.choice}`) })}
          </strong>
          {pause(i18n.language)}
          <span className="text-soft">{goesOn}</span>
        </p>
        {!vote.counted && (
          <p
            // Whoever chose the names knew it beforehand: nothing to be warned of.
            className={classes("flex items-center gap-1.5 text-13", blind ? "text-ochre" : "text-soft")}
            data-testid="vote-not-counted"
          >
            <Icon name="info" size={15} className="shrink-0" />
            {t(isKey(i18n, reason) ? reason : "vote.reason.other")}
          </p>
        )}
        {blind && guesses && (
          <Fetched instead={null}>
            <GuessResult battle={battle.id} />
          </Fetched>
        )}
      </div>
      <div className="flex flex-wrap gap-2 max-md:w-full max-md:*:flex-auto max-md:*:px-1.5 max-md:*:text-13">
        <Fetched instead={null}>
          <ShareButton worded what={{ battle_id: battle.id }} result={{ turn, battle }} />
        </Fetched>
        {blind && (
          <Button kind={askOnFirst ? "plain" : "main"} data-testid="new-pair" onClick={onNewPair}>
            <Icon name="pair" size={17} className="max-md:hidden" />
            {t("vote.newPair")}
          </Button>
        )}
        <Button kind={askOnFirst ? "main" : "plain"} data-testid="ask-on" onClick={onAskOn}>
          {carried ? t("vote.askOnWith", { side: carried.side.toUpperCase() }) : t("vote.askOn")}
        </Button>
      </div>
    </div>
  );
}
