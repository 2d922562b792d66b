import { lazy } from "react";
import { useTranslation } from "react-i18next";
import type { Battle, RevealedSide, SideName } from "../../api/types";
import { Fetched } from "../../ui/Fetched";
import { SideMark } from "../../ui/SideMark";
import { useLicenseText } from "../../ui/useLicenseText";
import { ChosenMark } from "./ChosenMark";
import { Figures } from "./Figures";

// The first page does without it.
const CommitmentTick = lazy(() => import("./CommitmentTick"));

interface RevealedHeadProps {
  battle: Battle;
  side: SideName;
  revealed: RevealedSide;
}

/** A head turned over: who answered, at what price and speed, and the proof that it was drawn beforehand. */
export function RevealedHead({ battle, side, revealed }: RevealedHeadProps) {
  const { t } = useTranslation();
  const licenseText = useLicenseText();
  const about = [
    revealed.organization,
    licenseText(revealed.license),
    revealed.demo && t("reveal.demo"),
  ].filter(Boolean);
  return (
    <div data-testid={`reveal-${side}`} className="turn-over">
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
        <SideMark side={side} />
        <h3 className="min-w-0 font-serif text-17 leading-tight font-semibold break-words">
          {revealed.name}
        </h3>
        {battle.vote?.choice === side && <ChosenMark />}
      </div>
      {about.length > 0 && <p className="mt-0.5 text-13 text-soft">{about.join(" · ")}</p>}
      <Figures revealed={revealed} />
      <Fetched instead={<div className="mt-1 min-h-7" />}>
        <CommitmentTick battle={battle} side={side} revealed={revealed} />
      </Fetched>
    </div>
  );
}
