import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Battle, SideName } from "../api/types";
import { useContestants } from "../app/queries";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { NameSelect } from "./NameSelect";
import { guessQuery, sendGuess, takeTime } from "./queries";

interface GuessFirstProps {
  battle: Battle;
  arena: string;
  /** Whether the reveal is put off already. */
  putOff: boolean;
  /** Told what is known of the battle now. */
  onNews: (battle: string, news: Partial<Battle>) => void;
}

const SIDES: SideName[] = ["a", "b"];
const other = (side: SideName): SideName => (side === "a" ? "b" : "a");

/** While a vote is held: the wish to guess, then whom one takes the sides for. */
export function GuessFirst({ battle, arena, putOff, onNews }: GuessFirstProps) {
  const { t } = useTranslation("mine");
  const problemText = useProblemText();
  const client = useQueryClient();
  // The names are those of the whole arena, whoever is in this battle.
  const { data: everyone = [] } = useContestants(putOff);
  const names = everyone.filter(({ arenas }) => arenas.includes(arena));
  const [chosen, setChosen] = useState<Partial<Record<SideName, string>>>({});
  const heading = useRef<HTMLHeadingElement>(null);
  const [wished, setWished] = useState(false);

  const time = useMutation({
    mutationFn: () => takeTime(battle.id),
    onSuccess: (news) => onNews(battle.id, news),
  });
  const guess = useMutation({
    mutationFn: () => sendGuess(battle.id, chosen),
    onSuccess: ({ guess: told, reveal, ...rest }) => {
      client.setQueryData(guessQuery(battle.id).queryKey, told);
      onNews(battle.id, { ...rest, reveal, status: "revealed" });
    },
  });
  // The button that was pressed goes; its reader goes on at what came in its place.
  useEffect(() => {
    if (wished && putOff) heading.current?.focus();
  }, [wished, putOff]);

  const error = guess.error ?? time.error;
  return (
    <div className="mt-3" data-testid="guessing">
      {error && (
        <Notice tone="wrong" live testId="problem" className="mb-2">
          {problemText(error)}
        </Notice>
      )}
      {putOff ? (
        <>
          <h3 ref={heading} tabIndex={-1} className="font-serif text-17 font-semibold outline-none">
            {t("guess.title")}
          </h3>
          <p className="text-13 text-soft">{t("guess.note")}</p>
          <div className="mt-2 grid gap-2 md:grid-cols-[1fr_1fr_auto]">
            {SIDES.map((side) => (
              <NameSelect
                key={side}
                side={side}
                names={names.filter(({ slug }) => slug !== chosen[other(side)])}
                value={chosen[side]}
                onChange={(slug) => setChosen((known) => ({ ...known, [side]: slug }))}
              />
            ))}
            <Button
              kind="main"
              data-testid="send-guess"
              disabled={guess.isPending || !(chosen.a || chosen.b)}
              onClick={() => guess.mutate()}
            >
              {t("guess.send")}
            </Button>
          </div>
        </>
      ) : (
        <Button
          data-testid="guess-first"
          disabled={time.isPending}
          onClick={() => {
            setWished(true);
            time.mutate();
          }}
        >
          {t("guess.first")}
        </Button>
      )}
    </div>
  );
}
