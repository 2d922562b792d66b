import { DropdownMenu } from "radix-ui";
import { Suspense, useRef } from "react";
import { useTranslation } from "react-i18next";
import { ChatItems } from "../belongings/ChatItems";
import { Fetched } from "../ui/Fetched";
import { Icon } from "../ui/Icon";
import { MENU, MENU_ITEM } from "../ui/menu";
import { useFetchedDialog } from "../ui/useFetchedDialog";
import { usePress } from "../ui/useLate";
import { ItemButton, type ItemMenuProps } from "./ItemMenu";
import { useFolders } from "./useFolders";

const loadReleaseDialog = () => import("../consent/ReleaseDialog");
const loadShareDialog = () => import("../sharing/ShareDialog");

interface ItemActionsProps extends ItemMenuProps {
  press?: Event;
}

/** The menu of a conversation with its button. */
export function ItemActions({ conversation, onChange, onRename, onDelete, press }: ItemActionsProps) {
  const { t } = useTranslation();
  const { title, mode, pinned, archived, folder_id } = conversation;
  const { data: folders = [] } = useFolders();
  // The field of the new name has the focus then, and keeps it.
  const renaming = useRef(false);
  const trigger = useRef<HTMLButtonElement>(null);
  usePress(trigger, press);
  const { Dialog: ReleaseDialog, ...publishing } = useFetchedDialog(loadReleaseDialog);
  const { Dialog: ShareDialog, ...sharing } = useFetchedDialog(loadShareDialog);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger ref={trigger} asChild>
        <ItemButton title={title} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={2}
          className={MENU}
          onCloseAutoFocus={(event) => {
            if (renaming.current) event.preventDefault();
            renaming.current = false;
          }}
        >
          <DropdownMenu.Item
            className={MENU_ITEM}
            data-testid="rename"
            onSelect={() => {
              renaming.current = true;
              onRename();
            }}
          >
            <Icon name="edit" size={16} className="text-soft" />
            {t("history.rename")}
          </DropdownMenu.Item>
          <DropdownMenu.Item className={MENU_ITEM} data-testid="share" onSelect={sharing.open}>
            <Icon name="link" size={16} className="text-soft" />
            {t("history.share")}
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className={MENU_ITEM}
            data-testid="pin"
            onSelect={() => onChange({ pinned: !pinned })}
          >
            <Icon name="pin" size={16} className="text-soft" />
            {t(pinned ? "history.unpin" : "history.pin")}
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className={MENU_ITEM}
            data-testid="archive"
            onSelect={() => onChange({ archived: !archived })}
          >
            <Icon name="archive" size={16} className="text-soft" />
            {t(archived ? "history.unarchive" : "history.archive")}
          </DropdownMenu.Item>
          {mode === "battle" && (
            <DropdownMenu.Item className={MENU_ITEM} data-testid="release" onSelect={publishing.open}>
              <Icon name="info" size={16} className="text-soft" />
              {t("history.release")}
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Label className="px-2.5 pt-1 pb-0.5 text-13 text-soft">
            {t("history.moveTo")}
          </DropdownMenu.Label>
          <DropdownMenu.RadioGroup
            value={folder_id ?? ""}
            onValueChange={(id) => onChange({ folder_id: id || null })}
            className="max-h-56 overflow-y-auto"
          >
            {[{ id: "", name: t("history.noFolder") }, ...folders].map(({ id, name }) => (
              <DropdownMenu.RadioItem key={id} value={id} className={MENU_ITEM} data-testid={`move-${name}`}>
                <span aria-hidden="true" className="w-4 shrink-0 text-clay">
                  {id === (folder_id ?? "") && <Icon name="check" size={16} />}
                </span>
                <span className="truncate">{name}</span>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <Suspense>
            <ChatItems id={conversation.id} onDelete={onDelete} />
          </Suspense>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
      {ReleaseDialog && (
        <Fetched instead={null}>
          <ReleaseDialog
            conversation={conversation}
            onChange={onChange}
            onClose={() => {
              publishing.close();
              trigger.current?.focus();
            }}
          />
        </Fetched>
      )}
      {ShareDialog && (
        <Fetched instead={null}>
          <ShareDialog what={{ conversation_id: conversation.id }} opener={trigger} onClose={sharing.close} />
        </Fetched>
      )}
    </DropdownMenu.Root>
  );
}
