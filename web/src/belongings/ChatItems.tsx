import { DropdownMenu } from "radix-ui";
import { useTranslation } from "react-i18next";
import { exportUrl } from "../api/endpoints";
import { Icon } from "../ui/Icon";
import { MENU_ITEM } from "../ui/menu";

interface ChatItemsProps {
  id: string;
  onDelete: () => void;
}

/** What the menu of a conversation has for taking it along, and for deleting it. */
export function ChatItems({ id, onDelete }: ChatItemsProps) {
  const { t, i18n } = useTranslation("data");
  return (
    <>
      <DropdownMenu.Separator className="my-1 h-px bg-line" />
      {(["markdown", "json"] as const).map((format) => (
        <DropdownMenu.Item key={format} asChild className={MENU_ITEM} data-testid={`save-${format}`}>
          <a href={exportUrl(format, i18n.language, id)} download>
            <Icon name="save" size={16} className="text-soft" />
            {t(`chat.${format}`)}
          </a>
        </DropdownMenu.Item>
      ))}
      <DropdownMenu.Item className={MENU_ITEM} data-testid="delete" onSelect={onDelete}>
        <Icon name="cross" size={16} className="text-soft" />
        {t("chat.delete")}
      </DropdownMenu.Item>
    </>
  );
}
