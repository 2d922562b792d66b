import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { TopBar } from "../shell/TopBar";
import { BoardMenu } from "./BoardMenu";
import { BoardProblem } from "./BoardProblem";
import { BoardView } from "./BoardView";
import { boardQuery, boardsQuery } from "./queries";

/** The boards: one of them by its slug in the address, the first live one without. */
export default function BoardPage() {
  const { t } = useTranslation("boards");
  const { board: slug } = useParams({ strict: false });
  const boards = useQuery(boardsQuery);
  const board = useQuery({ ...boardQuery(slug ?? ""), enabled: slug !== undefined });

  const first = boards.data?.[0];
  if (slug === undefined && first) {
    return <Navigate to="/boards/$board" params={{ board: first.slug }} replace />;
  }

  const problem = board.data ? null : (board.error ?? (slug === undefined ? boards.error : null));
  return (
    <>
      <TopBar>{boards.data && <BoardMenu boards={boards.data} />}</TopBar>
      <div className="@container mx-auto max-w-6xl px-4 pb-24 md:px-8">
        {problem && <BoardProblem problem={problem} />}
        {!problem && !board.data && (
          <p role="status" className="py-16 text-soft">
            {boards.data?.length === 0 ? t("no_boards") : t("loading")}
          </p>
        )}
        {board.data && <BoardView key={board.data.slug} board={board.data} stale={board.isError} />}
      </div>
    </>
  );
}
