import { useDeferredValue, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../ui/Icon";
import { useProblemText } from "../ui/useProblemText";
import { HistoryItem } from "./HistoryItem";
import { useHistory } from "./useHistory";

const PAUSE_MS = 250;

/** The reader's own conversations, with a search that waits for a pause in typing. */
export function HistoryList() {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [typed, setTyped] = useState("");
  const [query, setQuery] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setQuery(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const history = useHistory(useDeferredValue(query));
  const items = history.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <section aria-labelledby="history" className="mt-4 flex min-h-0 flex-1 flex-col">
      <h2 id="history" className="px-3 pb-2 text-13 font-medium text-soft">
        {t("history.title")}
      </h2>
      {(items.length > 0 || query) && (
        <label className="mx-1 mb-2 flex items-center gap-2 rounded-control border border-line bg-raised px-2.5 focus-within:border-sea">
          <Icon name="search" size={15} className="text-soft" />
          <span className="sr-only">{t("history.search")}</span>
          <input
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            placeholder={t("history.search")}
            data-testid="history-search"
            className="h-8 w-full min-w-0 bg-transparent text-15 outline-none placeholder:text-soft"
          />
        </label>
      )}
      <ul className="-mr-1 min-h-0 space-y-0.5 overflow-y-auto pr-1">
        {items.map((conversation) => (
          <HistoryItem key={conversation.id} conversation={conversation} />
        ))}
        {history.hasNextPage && (
          <li>
            <button
              type="button"
              onClick={() => history.fetchNextPage()}
              className="w-full rounded-control px-3 py-2 text-left text-13 text-soft hover:bg-ink/5 hover:text-ink"
            >
              {t("history.more")}
            </button>
          </li>
        )}
      </ul>
      {history.isSuccess && items.length === 0 && (
        <p className="px-3 pb-4 text-13 text-soft">
          {query ? t("history.nothingFound") : t("history.empty")}
        </p>
      )}
      {history.isError && items.length === 0 && (
        <p className="px-3 pb-4 text-13 text-soft">{problemText(history.error)}</p>
      )}
    </section>
  );
}
