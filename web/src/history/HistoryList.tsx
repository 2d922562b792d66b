import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../ui/Icon";
import { asQuery } from "./filters";
import { HistoryLines } from "./HistoryLines";
import { SearchBox } from "./SearchBox";
import { useHistory } from "./useHistory";

const LIST = "rail-history";

/** The reader's own conversations in the rail: those pinned first, or what a search finds. */
export function HistoryList() {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const pinned = useHistory({ pinned: true, archived: false });
  const rest = useHistory(query ? asQuery({ query }) : { pinned: false, archived: false });
  const anyPinned = !query && (pinned.data?.pages[0]?.items.length ?? 0) > 0;
  const empty = query ? t("history.nothingFound") : anyPinned ? undefined : t("history.empty");

  return (
    <section aria-labelledby="history" className="mt-4 flex min-h-0 flex-1 flex-col">
      <div className="flex items-center justify-between pb-1 pl-3">
        <h2 id="history" className="text-13 font-medium text-soft">
          {t("history.title")}
        </h2>
        <Link
          to="/history"
          data-testid="all-history"
          className="inline-flex h-8 items-center gap-1.5 rounded-control px-2 text-13 text-soft hover:bg-ink/5 hover:text-ink"
        >
          <Icon name="history" size={15} />
          {t("history.all")}
        </Link>
      </div>
      <SearchBox query={query} onSearch={setQuery} list={LIST} className="mx-1 mb-2" />
      <div className="-mr-1 min-h-0 overflow-y-auto pr-1">
        {anyPinned && (
          <div className="mb-2 border-b border-line pb-2">
            <h3 className="sr-only">{t("history.pinned")}</h3>
            <HistoryLines history={pinned} id="rail-pinned" />
          </div>
        )}
        <HistoryLines history={rest} id={LIST} empty={empty} />
      </div>
    </section>
  );
}
