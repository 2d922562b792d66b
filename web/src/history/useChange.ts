import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ConversationChange, changeConversation } from "../api/endpoints";
import type { Conversation, HistoryItem } from "../api/types";

interface Page {
  items: HistoryItem[];
  next: string | null;
}

const CHANGE = ["change"];

/** What is shown at once: all but a name and topics that the server is to make. */
function shown({ title, topics, place: _, ...rest }: ConversationChange): Partial<HistoryItem> {
  return { ...rest, ...(typeof title === "string" && { title }), ...(topics && { topics }) };
}

/** Changes what is said of a conversation: at once wherever it is shown, and as it was should that fail. */
export function useChange(id: string) {
  const client = useQueryClient();
  const conversation = ["conversation", id];
  return useMutation({
    mutationKey: CHANGE,
    mutationFn: (change: ConversationChange) => changeConversation(id, change),
    onMutate: async (change) => {
      // What is under way was asked before this change, and would take it back where it is shown.
      await client.cancelQueries({ queryKey: ["history"] });
      const put = <Known extends { id: string }>(known: Known): Known =>
        known.id === id ? { ...known, ...shown(change) } : known;
      client.setQueriesData<InfiniteData<Page>>(
        { queryKey: ["history"] },
        (known) =>
          known && {
            ...known,
            pages: known.pages.map((page) => ({ ...page, items: page.items.map(put) })),
          },
      );
      client.setQueryData<Conversation>(conversation, (known) => known && put(known));
    },
    onSettled: (_, error, change) => {
      // The last of several changes asks for what all of them have made.
      if (client.isMutating({ mutationKey: CHANGE }) === 1)
        void client.invalidateQueries({ queryKey: ["history"] });
      if (change.folder_id !== undefined) void client.invalidateQueries({ queryKey: ["folders"] });
      if (error || change.title === null) void client.invalidateQueries({ queryKey: conversation });
    },
  });
}
