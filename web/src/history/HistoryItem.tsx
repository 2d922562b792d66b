import { Link } from "@tanstack/react-router";
import { memo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationChange } from "../api/endpoints";
import type { HistoryItem as Item } from "../api/types";
import { regional } from "../i18n/language";
import { Fetched } from "../ui/Fetched";
import { Icon } from "../ui/Icon";
import { useFetchedDialog } from "../ui/useFetchedDialog";
import { useProblemText } from "../ui/useProblemText";
import { ItemMenu } from "./ItemMenu";
import { NameField } from "./NameField";
import { relativeTime } from "./relativeTime";
import { Snippet } from "./Snippet";
import { useChange } from "./useChange";
import { useFocusNext } from "./useFocusNext";

const loadDeleteChat = () => import("../belongings/DeleteChat");

/** As long as the server takes. */
const LONGEST_TITLE = 200;

interface HistoryItemProps {
  conversation: Item;
  /** Says that something of it is about to be changed. */
  onChanging: (id: string) => void;
  /** Says more than the rail has room for: whether it was voted on, and its folder. */
  folder?: string;
  detailed?: boolean;
}

/** A line of the history: one tap opens it, where it was left or where it has what was looked for. */
export const HistoryItem = memo(function HistoryItem(props: HistoryItemProps) {
  const { conversation, onChanging, folder, detailed } = props;
  const { t, i18n } = useTranslation();
  const [renaming, setRenaming] = useState(false);
  const { Dialog: DeleteChat, ...deleting } = useFetchedDialog(loadDeleteChat);
  const change = useChange(conversation.id);
  const problemText = useProblemText();
  const line = useRef<HTMLLIElement>(null);
  const focusNext = useFocusNext(line);
  const { id, title, mode, voted, pinned, archived, updated_at, hit } = conversation;
  const notes = [
    t(`mode.${mode}.name`),
    detailed && mode !== "direct" && t(voted ? "history.voted" : "history.notVoted"),
    archived && t("history.inArchive"),
    detailed && folder,
  ].filter(Boolean);
  const apply = (next: ConversationChange) => {
    onChanging(id);
    change.mutate(next);
  };
  if (renaming) {
    return (
      <li ref={line} className="p-1">
        <NameField
          name={title}
          label={t("history.newName")}
          maxLength={LONGEST_TITLE}
          onName={(name) => apply({ title: name })}
          onEnd={(byKey) => {
            setRenaming(false);
            if (byKey) focusNext("menu");
          }}
        />
      </li>
    );
  }
  return (
    // What is out of sight is not laid out, however long the list. Its one tint is the line's: two, one upon the other,
    // leave too little contrast.
    <li
      ref={line}
      className="group relative flex items-start rounded-control transition-colors [contain-intrinsic-size:auto_3.25rem] [content-visibility:auto] focus-within:bg-ink/5 hover:bg-ink/5 has-data-[status=active]:bg-ink/6"
    >
      <Link
        to="/c/$conversationId"
        params={{ conversationId: id }}
        search={{ at: hit?.turn_id ?? undefined }}
        data-testid="history-item"
        className="min-w-0 flex-1 rounded-control px-3 py-1.5"
        activeOptions={{ includeSearch: false }}
      >
        <span className="flex items-center gap-1.5 text-15">
          {pinned && (
            <>
              <Icon name="pin" size={13} className="shrink-0 text-clay" />
              <span className="sr-only">{t("history.pinned")}</span>
            </>
          )}
          <span className="truncate">{title || t("history.untitled")}</span>
        </span>
        {hit && <Snippet pieces={hit.snippet} />}
        {change.isError && (
          <span role="alert" className="block text-13 text-wine">
            {problemText(change.error)}
          </span>
        )}
        <span className="block truncate text-13 text-soft">
          {notes.join(" · ")}
          <span aria-hidden="true"> · </span>
          <time dateTime={updated_at}>{relativeTime(updated_at, regional(i18n.language))}</time>
        </span>
      </Link>
      <ItemMenu
        conversation={conversation}
        onChange={apply}
        onRename={() => setRenaming(true)}
        onDelete={deleting.open}
      />
      {DeleteChat && (
        <Fetched instead={null}>
          <DeleteChat
            conversation={conversation}
            onDeleted={() => onChanging(id)}
            onClose={() => {
              deleting.close();
              focusNext("menu");
            }}
          />
        </Fetched>
      )}
    </li>
  );
});
