import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFocusNext } from "../history/useFocusNext";
import { Button } from "../ui/Button";
import { IconButton } from "../ui/IconButton";
import type { SavedPrompt } from "./endpoints";

interface PromptItemProps {
  prompt: SavedPrompt;
  onPick: () => void;
  onEdit: () => void;
  onDelete: () => void;
}

/** A prompt of one's own: taken by a click, and what else can be done with it. */
export function PromptItem({ prompt, onPick, onEdit, onDelete }: PromptItemProps) {
  const { t } = useTranslation("asking");
  const item = useRef<HTMLLIElement>(null);
  const focusNext = useFocusNext(item);
  const [deleting, setDeleting] = useState(false);
  const askDeleting = (asked: boolean) => {
    setDeleting(asked);
    focusNext(asked ? "confirm" : "delete");
  };
  if (deleting) {
    return (
      <li
        ref={item}
        className="space-y-2 rounded-control bg-ochre-wash px-2.5 py-2"
        data-testid="prompt-item"
      >
        <p role="alert" className="text-15 wrap-anywhere">
          {t("deleteNote", { name: prompt.name })}
        </p>
        <div className="flex gap-2">
          <Button data-focus="confirm" data-testid="prompt-confirm-delete" onClick={onDelete}>
            {t("delete")}
          </Button>
          <Button kind="quiet" onClick={() => askDeleting(false)}>
            {t("cancel")}
          </Button>
        </div>
      </li>
    );
  }
  return (
    <li ref={item} className="flex items-center" data-testid="prompt-item">
      <button
        type="button"
        data-prompt=""
        onClick={onPick}
        className="min-w-0 flex-1 rounded-control px-2.5 py-1.5 text-left outline-none hover:bg-ink/5 focus-visible:bg-ink/5 focus-visible:outline-2 focus-visible:outline-sea"
      >
        <span className="block truncate text-15 font-medium">{prompt.name}</span>
        <span className="block truncate text-13 text-soft">{prompt.text}</span>
      </button>
      <IconButton
        icon="edit"
        label={t("edit", { name: prompt.name })}
        data-testid="prompt-edit"
        onClick={onEdit}
      />
      <IconButton
        icon="cross"
        label={t("deleteNamed", { name: prompt.name })}
        data-testid="prompt-delete"
        data-focus="delete"
        onClick={() => askDeleting(true)}
      />
    </li>
  );
}
