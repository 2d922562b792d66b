import { useCallback, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { useProblemText } from "../ui/useProblemText";
import { HistoryItem } from "./HistoryItem";
import { useFocusOfNeighbour } from "./useFocusOfNeighbour";
import type { History } from "./useHistory";

interface HistoryLinesProps {
  history: History;
  id: string;
  /** What is said where there is nothing. */
  empty?: string;
  folders?: Map<string, string>;
  detailed?: boolean;
}

/** The lines themselves, more of them as their end comes into sight; and what is said instead of them. */
export function HistoryLines({ history, id, empty, folders, detailed }: HistoryLinesProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = history;
  const items = history.data?.pages.flatMap((page) => page.items) ?? [];
  const list = useRef<HTMLUListElement>(null);
  const onChanging = useFocusOfNeighbour(
    list,
    items.map((conversation) => conversation.id),
  );
  const end = useCallback(
    (element: HTMLElement | null) => {
      if (!element || isFetchingNextPage || isFetchNextPageError) return;
      const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && void fetchNextPage(), {
        rootMargin: "600px",
      });
      seen.observe(element);
      return () => seen.disconnect();
    },
    [fetchNextPage, isFetchingNextPage, isFetchNextPageError],
  );

  if (history.isError && items.length === 0) {
    return (
      <div className="space-y-2 px-3 pb-4 text-13 text-soft">
        <p role="alert">{problemText(history.error)}</p>
        <Button onClick={() => history.refetch()}>{t("chat.tryAgain")}</Button>
      </div>
    );
  }
  if (history.isPending) return <Waiting />;
  return (
    <>
      <ul ref={list} tabIndex={-1} id={id} aria-busy={history.isPlaceholderData} className="space-y-0.5">
        {items.map((conversation) => (
          <HistoryItem
            key={conversation.id}
            conversation={conversation}
            onChanging={onChanging}
            folder={conversation.folder_id ? folders?.get(conversation.folder_id) : undefined}
            detailed={detailed}
          />
        ))}
        {hasNextPage && (
          <li ref={end}>
            {isFetchNextPageError && (
              <p role="alert" className="px-3 pt-2 text-13 text-wine">
                {problemText(history.error)}
              </p>
            )}
            <button
              type="button"
              disabled={isFetchingNextPage}
              onClick={() => fetchNextPage()}
              className="w-full rounded-control px-3 py-2 text-left text-13 text-soft hover:bg-ink/5 hover:text-ink"
            >
              {t(
                isFetchingNextPage
                  ? "history.loading"
                  : isFetchNextPageError
                    ? "chat.tryAgain"
                    : "history.more",
              )}
            </button>
          </li>
        )}
      </ul>
      {items.length === 0 && empty && (
        <p role="status" className="px-3 pb-4 text-13 text-soft">
          {empty}
        </p>
      )}
    </>
  );
}

/** Where the lines will stand. */
function Waiting() {
  const { t } = useTranslation();
  return (
    <div role="status" className="space-y-3 px-3 py-2">
      <span className="sr-only">{t("history.loading")}</span>
      {[72, 54, 63].map((width) => (
        <div key={width} aria-hidden="true" className="space-y-1.5">
          <div className="h-3.5 rounded-control bg-ink/8" style={{ width: `${width}%` }} />
          <div className="h-2.5 w-2/5 rounded-control bg-ink/5" />
        </div>
      ))}
    </div>
  );
}
