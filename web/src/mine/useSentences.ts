import { useTranslation } from "react-i18next";
import { useFormat } from "../boards/format";
import { listed, regional } from "../i18n/language";
import type { BoardNews, SinceYouLeft } from "./queries";
import { useArenaName } from "./useArenaName";

type Interval = BoardNews["moved"][number]["now"];

const place = ({ best, worst }: Interval) => (best === worst ? `${best}` : `${best}–${worst}`);

/** What happened since the last visit, a sentence each. */
export function useSentences(since: SinceYouLeft): string[] {
  const { t, i18n } = useTranslation("mine");
  const format = useFormat();
  const arenaName = useArenaName();
  const ofBoard = (board: BoardNews): (string | null)[] => [
    board.since && board.votes > 0
      ? t("since.boardVotes", {
          arena: arenaName(board.slug),
          count: board.votes,
          day: format.date(board.since),
        })
      : null,
    ...board.moved.map(({ name, before, now }) =>
      t("since.place", { name, before: place(before), now: place(now) }),
    ),
    board.part &&
      t("since.part", {
        name: board.part.name,
        all: format.count(board.part.all),
        mine: format.count(board.part.mine),
      }),
    ...board.disagreements.map(({ name, mine, board: theirs }) =>
      t(mine > theirs ? "since.higher" : "since.lower", { name }),
    ),
  ];
  const names = since.new.map(({ name }) => name);
  return [
    ...since.boards.flatMap(ofBoard),
    names.length > 0 ? t("since.newModels", { names: listed(names, regional(i18n.language)) }) : null,
  ].filter((one) => one !== null);
}
