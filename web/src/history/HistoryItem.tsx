import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ConversationSummary } from "../api/types";
import { regional } from "../i18n/language";
import { relativeTime } from "./relativeTime";

interface HistoryItemProps {
  conversation: ConversationSummary;
}

export function HistoryItem({ conversation }: HistoryItemProps) {
  const { t, i18n } = useTranslation();
  return (
    <li>
      <Link
        to="/c/$conversationId"
        params={{ conversationId: conversation.id }}
        data-testid="history-item"
        className="block rounded-control px-3 py-1.5 transition-colors hover:bg-ink/5"
        activeProps={{ className: "bg-ink/6" }}
      >
        <span className="block truncate text-15">{conversation.title || t("history.untitled")}</span>
        <span className="block truncate text-13 text-soft">
          {t(`mode.${conversation.mode}.name`)}
          <span aria-hidden="true"> · </span>
          <time dateTime={conversation.updated_at}>
            {relativeTime(conversation.updated_at, regional(i18n.language))}
          </time>
        </span>
      </Link>
    </li>
  );
}
