import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { deleteConversation } from "../api/endpoints";
import { Problem } from "../api/problem";
import type { HistoryItem } from "../api/types";
import { writeSetting } from "../app/settings";
import { DeletionDialog } from "./DeletionDialog";

interface Page {
  items: HistoryItem[];
  next: string | null;
}

interface DeleteChatProps {
  conversation: HistoryItem;
  /** Says that the line is about to go. */
  onDeleted: () => void;
  onClose: () => void;
}

/** Deletes a conversation, once its owner has read what that does; whoever looks at it goes to a new one. */
export default function DeleteChat({ conversation, onDeleted, onClose }: DeleteChatProps) {
  const { t } = useTranslation("data");
  const client = useQueryClient();
  const navigate = useNavigate();
  const here = useRouterState({ select: ({ location }) => location.pathname });
  const { id, title } = conversation;

  const remove = async () => {
    try {
      await deleteConversation(id);
    } catch (error) {
      // Deleted in another tab: that is what was wanted.
      if (!(error instanceof Problem) || error.document.status !== 404) throw error;
    }
    writeSetting(`draft.${id}`, null);
    onDeleted();
    if (here === `/c/${id}`) await navigate({ to: "/", replace: true });
    client.removeQueries({ queryKey: ["conversation", id] });
    client.setQueriesData<InfiniteData<Page>>(
      { queryKey: ["history"] },
      (known) =>
        known && {
          ...known,
          pages: known.pages.map((page) => ({ ...page, items: page.items.filter((one) => one.id !== id) })),
        },
    );
    for (const stale of ["history", "folders", "holdings"]) {
      void client.invalidateQueries({ queryKey: [stale] });
    }
  };

  return (
    <DeletionDialog
      title={t("deleting.chat.title", { title })}
      goes={t("deleting.chat.goes")}
      confirm={t("deleting.chat.confirm")}
      onDelete={remove}
      onClose={onClose}
    />
  );
}
