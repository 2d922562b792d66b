import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "./format";
import { type Board, confidence } from "./model/board";
import { useNow } from "./useNow";

/** The line above a board: how many votes, from where, how sure, how fresh. */
export function Statement({ board, stale }: { board: Board; stale: boolean }) {
  const { t } = useTranslation("boards");
  return (
    <div className="mt-2 text-soft" data-testid="board-status" data-status={board.status}>
      {board.kind === "imported" ? <Imported board={board} /> : <Live board={board} />}
      {board.status === "preliminary" && (
        <p className="mt-1 text-ink">{board.connected ? t("status.preliminary") : t("status.islands")}</p>
      )}
      {stale && (
        <p role="status" className="mt-1 text-ochre">
          {t("status.stale")}
        </p>
      )}
    </div>
  );
}

function Line({ children }: { children: ReactNode[] }) {
  const said = children.filter(Boolean);
  return (
    <p className="tabular-nums">
      {said.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence have no other name
        <span key={index}>
          {part}
          {index < said.length - 1 && <span aria-hidden="true">&nbsp;· </span>}
        </span>
      ))}
    </p>
  );
}

function Live({ board }: { board: Board }) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const votes = t("status.votes", { count: board.votes, number: format.count(board.votes) });
  if (board.status === "empty") return <Line>{[votes]}</Line>;
  return (
    <Line>
      {[
        votes,
        t("status.intervals", { percent: confidence(board) }),
        <Updated key="updated" at={board.updated_at} />,
      ]}
    </Line>
  );
}

function Imported({ board }: { board: Board }) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const { source } = board;
  const votes = t("status.votes", { count: board.votes, number: format.count(board.votes) });
  const name = source?.url ? (
    <a className="underline underline-offset-4 hover:text-ink" href={source.url} rel="noreferrer">
      {source.name}
    </a>
  ) : (
    source?.name
  );
  return (
    <>
      <Line>
        {[
          votes,
          <span key="source">
            {t("status.imported")} {name}
          </span>,
          <time key="date" dateTime={board.updated_at}>
            {format.date(board.updated_at)}
          </time>,
          t("status.intervals", { percent: confidence(board) }),
        ]}
      </Line>
      {source?.note && <p className="mt-1 text-13">{source.note}</p>}
    </>
  );
}

function Updated({ at }: { at: string }) {
  const { t } = useTranslation("boards");
  const seconds = Math.max(0, Math.round((useNow(5_000) - Date.parse(at)) / 1000));
  return (
    <time dateTime={at}>
      {seconds < 5
        ? t("ago.now")
        : seconds < 90
          ? t("ago.seconds", { count: seconds })
          : seconds < 5_400
            ? t("ago.minutes", { count: Math.round(seconds / 60) })
            : seconds < 129_600
              ? t("ago.hours", { count: Math.round(seconds / 3_600) })
              : t("ago.days", { count: Math.round(seconds / 86_400) })}
    </time>
  );
}
