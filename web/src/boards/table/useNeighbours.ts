import { useTranslation } from "react-i18next";
import { useFormat } from "../format";
import { isRated, type Row } from "../model/board";
import { expectedScore } from "../model/expectedScore";
import type { PlacedRow } from "../model/groups";

/** What a row is expected to score against the rows above and below it, in words. */
export function useNeighbours({ row, above, below }: PlacedRow): {
  parts: string[];
  sentence: string | null;
} {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const part = (neighbour: Row | null) =>
    neighbour && isRated(neighbour) && isRated(row)
      ? t("expected.against", {
          score: format.score(expectedScore(row.rating, neighbour.rating)),
          name: neighbour.name,
        })
      : null;
  const parts = [part(above), part(below)].filter((each) => each !== null);
  return {
    parts,
    sentence: parts.length > 0 ? t("expected.sentence", { list: parts.join(t("expected.and")) }) : null,
  };
}
