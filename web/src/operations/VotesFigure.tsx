import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { FigureTable } from "../boards/plot/FigureTable";
import { PlotFigure } from "../boards/plot/PlotFigure";
import { useFigureFormat } from "./format";
import { drawVotes } from "./plot/drawVotes";
import type { Retention, VotesPerVoter } from "./queries";

const range = ({ at_least, at_most }: NonNullable<VotesPerVoter["spread"]>[number]): string => {
  if (at_most === null) return `${at_least}+`;
  return at_least === at_most ? `${at_least}` : `${at_least}–${at_most}`;
};

/** How many votes people cast. */
export function VotesFigure({ found, foot }: { found: Retention; foot: string }) {
  const { t } = useTranslation("operations");
  const format = useFigureFormat();
  const { people, votes, median, spread } = found.votes;
  const some = useMemo(
    () => (spread ?? []).map((one) => ({ votes: range(one), people: one.people })),
    [spread],
  );
  const draw = useMemo(
    () => drawVotes(some, { votes: t("votes.axis"), people: t("people") }, format),
    [some, t, format],
  );
  if (spread === null || median === null) {
    return (
      <section className="border-t border-line pt-6" data-testid="votes-per-voter">
        <h2 className="font-serif text-22 text-balance">{t("votes.few", { count: people })}</h2>
      </section>
    );
  }
  const title = t("votes.title", { median: format.price(median) });
  return (
    <PlotFigure
      testId="votes-per-voter"
      name="votes-per-voter"
      title={title}
      how={t("votes.how", { people: format.count(people), votes: format.count(votes ?? 0) })}
      foot={foot}
      draw={draw}
      table={
        <FigureTable
          caption={title}
          head={[t("votes.axis"), t("people")]}
          rows={some.map((one) => [one.votes, format.count(one.people)])}
        />
      }
    />
  );
}
