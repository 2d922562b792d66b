import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { FigureTable } from "../boards/plot/FigureTable";
import { PlotFigure } from "../boards/plot/PlotFigure";
import { Segments } from "../ui/Segments";
import { useFigureFormat } from "./format";
import { drawVoters } from "./plot/drawVoters";
import type { Retention } from "./queries";

const SPANS = ["daily", "weekly", "monthly"] as const;
type Span = (typeof SPANS)[number];

/** How many people vote, and how many of them are new. */
export function VotersFigure({ found, foot }: { found: Retention; foot: string }) {
  const { t } = useTranslation("operations");
  const format = useFigureFormat();
  const [span, setSpan] = useState<Span>("weekly");
  const bars = useMemo(
    () => found.voters.map((one) => ({ day: one.day, voters: one[span] })),
    [found.voters, span],
  );
  const draw = useMemo(() => {
    const words = {
      axis: t("people"),
      newcomers: t("voters.new"),
      returning: t("voters.returning"),
    };
    return drawVoters(bars, words, format);
  }, [bars, t, format]);
  const last = bars.at(-1);
  const title = t(`voters.title.${span}`, {
    count: last?.voters.people ?? 0,
    day: format.date(found.until),
  });
  const told = (people: number | null) => (people === null ? t("few") : format.count(people));
  return (
    <PlotFigure
      testId="voters"
      name={`voters-${span}`}
      title={title}
      how={t("voters.how", { smallest: found.smallest })}
      foot={foot}
      draw={draw}
      table={
        <FigureTable
          caption={title}
          head={[t("day"), t("people"), t("voters.new"), t("voters.returning")]}
          rows={bars.map(({ day, voters }) => [
            format.short(day),
            format.count(voters.people),
            told(voters.new),
            told(voters.returning),
          ])}
        />
      }
    >
      <div className="mt-2">
        <Segments
          testId="voters-span"
          label={t("voters.span")}
          value={span}
          options={SPANS.map((value) => ({ value, name: t(`voters.spans.${value}`) }))}
          onChange={setSpan}
        />
      </div>
    </PlotFigure>
  );
}
