import type { Battle, SideName } from "../../api/types";
import { SideMark } from "../../ui/SideMark";
import { RevealedHead } from "../reveal/RevealedHead";
import { NamedHead } from "./NamedHead";

interface AnswerHeadProps {
  battle: Battle;
  side: SideName;
  /** On the last of a battle's turns the names come with figures and proof. */
  last: boolean;
  /** Whether the answers of a battle by name have ended, so that there are figures. */
  ended: boolean;
}

/** Above an answer: a letter while it is blind, then who it was. */
export function AnswerHead({ battle, side, last, ended }: AnswerHeadProps) {
  const revealed = battle.reveal?.[side];
  if (!revealed) {
    return (
      <h3 className="flex min-h-7 items-center">
        <SideMark side={side} />
      </h3>
    );
  }
  if (battle.mode === "battle" && last)
    return <RevealedHead battle={battle} side={side} revealed={revealed} />;
  return (
    <NamedHead
      side={battle.mode === "direct" ? null : side}
      name={revealed.name}
      organization={revealed.organization}
      figures={battle.mode !== "battle" && ended ? revealed : null}
      chosen={last && battle.vote?.choice === side}
    />
  );
}
