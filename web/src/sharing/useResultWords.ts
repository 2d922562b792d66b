import { useTranslation } from "react-i18next";
import type { Battle, Choice, Turn } from "../api/types";
import { useInstance } from "../app/queries";
import { promptText } from "../chat/model/turnState";

/** A battle that was voted on, with one of its turns. */
export interface Result {
  turn: Turn;
  battle: Battle;
}

const OWN_NAME = "Evenhand";
const LONGEST = 120;

/** How a battle ended, in a few words and in a line to post. */
export function useResultWords({ turn, battle }: Result, names: boolean): { outcome: string; line: string } {
  const { t } = useTranslation(["sharing", "page"]);
  const { data: instance } = useInstance();
  const outcome = useOutcome()(battle.vote?.choice ?? null, names ? battle.reveal : null);
  const arena = instance && instance.name !== OWN_NAME ? instance.name : t("page:name");
  const asked = promptText(turn).replace(/\s+/g, " ");
  const question = asked.length > LONGEST ? `${asked.slice(0, LONGEST).trimEnd()}…` : asked;
  return { outcome, line: t("card.line", { question, outcome, arena }) };
}

type Names = { a: { name: string }; b: { name: string } | null } | null;

/** How a vote is put: with names where they are told, else with letters. Empty where there is none. */
export function useOutcome(): (choice: Choice | null, names: Names) => string {
  const { t } = useTranslation("sharing");
  return (choice, names) =>
    choice ? t(`outcome.${choice}`, { a: names?.a.name ?? "A", b: names?.b?.name ?? "B" }) : "";
}
