import { useTranslation } from "react-i18next";
import { useFormat } from "../boards/format";
import type { MyBoard } from "./queries";

/** Whom one places elsewhere than the board, and how that is decided. */
export function Disagreements({ mine }: { mine: MyBoard }) {
  const { t } = useTranslation("mine");
  const format = useFormat();
  const compared = mine.places.filter(({ rating }) => rating !== null).length;
  const signed = (points: number) => (points > 0 ? "+" : "") + format.points(points);
  return (
    <section aria-labelledby="disagree" data-testid="disagreements">
      <h2 id="disagree" className="font-serif text-22">
        {t("disagree.title")}
      </h2>
      {mine.disagreements.length === 0 && <p className="mt-2 text-soft">{t("disagree.none")}</p>}
      <ul className="mt-2 space-y-1">
        {mine.disagreements.map(({ contestant, name, mine: own, board }) => (
          <li key={contestant}>
            {t(own > board ? "disagree.higher" : "disagree.lower", {
              name,
              mine: signed(own),
              board: signed(board),
            })}
          </li>
        ))}
      </ul>
      <details className="mt-2 text-soft">
        <summary className="cursor-pointer text-13 font-medium underline-offset-4 hover:underline">
          {t("disagree.how")}
        </summary>
        <p className="mt-1 text-13">{t("disagree.howText", { count: compared })}</p>
      </details>
    </section>
  );
}
