import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationChange } from "../api/endpoints";
import type { HistoryItem } from "../api/types";
import { Icon } from "../ui/Icon";
import { MORE } from "../ui/menu";
import { useLateMenu } from "../ui/useLate";
import { useFolders } from "./useFolders";

export interface ItemMenuProps {
  conversation: HistoryItem;
  onChange: (change: ConversationChange) => void;
  onRename: () => void;
  onDelete: () => void;
}

const loadActions = async () => (await import("./ItemActions")).ItemActions;

/** What can be done with a conversation. */
export function ItemMenu(props: ItemMenuProps) {
  const { late, button } = useLateMenu(loadActions);
  // The menu has them at once then.
  useFolders();
  if (late) return <late.Control {...props} press={late.press} />;
  return <ItemButton {...button} title={props.conversation.title} />;
}

/** The three dots. */
export function ItemButton({ title, ...rest }: ComponentProps<"button">) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      {...rest}
      aria-label={t("history.actions", { title })}
      data-testid="history-actions"
      data-focus="menu"
      className={MORE}
    >
      <Icon name="more" />
    </button>
  );
}
