import { type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useKeyOf } from "../app/keys";
import { useWantedFocus } from "../shortcuts/useWantedFocus";
import { classes } from "../ui/classes";
import { Icon } from "../ui/Icon";
import { isComposing } from "../ui/isComposing";
import { useSearchText } from "./useSearchText";

interface SearchBoxProps {
  query: string;
  onSearch: (query: string) => void;
  /** Where the arrow down leads: the list that is searched. */
  list: string;
  className?: string;
}

/** The field that searches in the reader's chats. Escape empties it, the arrow down goes on to what was found. */
export function SearchBox({ query, onSearch, list, className }: SearchBoxProps) {
  const { t } = useTranslation();
  const { typed, setTyped, field } = useSearchText(query, onSearch);
  const keyOf = useKeyOf();
  const input = useRef<HTMLInputElement>(null);
  useWantedFocus("s", input);
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "Escape" && typed) {
      event.preventDefault();
      event.stopPropagation();
      setTyped("");
    }
    if (event.key === "ArrowDown") {
      const first = document.getElementById(list)?.querySelector("a");
      if (first) event.preventDefault();
      first?.focus();
    }
  };
  return (
    <label
      className={classes(
        "flex items-center gap-2 rounded-control border border-line bg-raised px-2.5 focus-within:border-sea",
        className,
      )}
    >
      <Icon name="search" size={15} className="shrink-0 text-soft" />
      <span className="sr-only">{t("history.search")}</span>
      <input
        ref={input}
        type="search"
        {...field}
        aria-keyshortcuts={keyOf("s")}
        onKeyDown={onKeyDown}
        maxLength={200}
        placeholder={t("history.search")}
        data-testid="history-search"
        className="h-9 w-full min-w-0 bg-transparent text-15 outline-none placeholder:text-soft"
      />
    </label>
  );
}
