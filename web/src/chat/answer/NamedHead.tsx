import type { RevealedSide, SideName } from "../../api/types";
import { SideMark } from "../../ui/SideMark";
import { ChosenMark } from "../reveal/ChosenMark";
import { Figures } from "../reveal/Figures";

interface NamedHeadProps {
  /** Null where there is one answer only. */
  side: SideName | null;
  name: string;
  organization: string | null;
  figures: RevealedSide | null;
  chosen: boolean;
}

export function NamedHead({ side, name, organization, figures, chosen }: NamedHeadProps) {
  return (
    <div>
      <div className="flex min-h-7 flex-wrap items-center gap-x-3">
        {side && <SideMark side={side} />}
        <h3 className="min-w-0 font-serif text-17 leading-tight font-semibold break-words">{name}</h3>
        {organization && <span className="text-13 text-soft">{organization}</span>}
        {chosen && <ChosenMark />}
      </div>
      {figures && <Figures revealed={figures} />}
    </div>
  );
}
