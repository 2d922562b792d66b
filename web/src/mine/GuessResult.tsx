import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { pause } from "../i18n/language";
import { guessQuery } from "./queries";

/** Whether one's guess on a battle was right; nothing where there was none. */
export function GuessResult({ battle }: { battle: string }) {
  const { t, i18n } = useTranslation("mine");
  const { data: guess } = useQuery(guessQuery(battle));
  if (!guess) return null;
  const told = [
    { side: "A", of: guess.a, right: guess.right_a },
    { side: "B", of: guess.b, right: guess.right_b },
  ];
  return (
    <p role="status" className="text-13 text-soft" data-testid="guess-result">
      {told
        .map(({ side, of, right }) => of && t(right ? "guess.right" : "guess.wrong", { side, name: of.name }))
        .filter(Boolean)
        .join(pause(i18n.language))}
    </p>
  );
}
