import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../api/types";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import { Icon, type IconName } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { NameField } from "./NameField";
import { useFolderChanges } from "./useFolders";

/** As long as the server takes. */
const LONGEST_NAME = 60;

interface FolderBarProps {
  folders: Folder[];
  /** A folder's id, `archive`, or nothing for all. */
  chosen: string | undefined;
  onChoose: (chosen: string | undefined) => void;
}

/** The places that conversations can be in, and what can be done with the folder that is open. */
export function FolderBar({ folders, chosen, onChoose }: FolderBarProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { create, rename, remove } = useFolderChanges();
  const [naming, setNaming] = useState<"new" | "rename" | null>(null);
  const [deleting, setDeleting] = useState(false);
  const open = folders.find(({ id }) => id === chosen);
  const error = create.error ?? rename.error ?? remove.error;
  const choose = (next: string | undefined) => {
    setDeleting(false);
    onChoose(next);
  };
  const places: [id: string | undefined, name: string, icon: IconName, count?: number][] = [
    [undefined, t("history.everything"), "history"],
    ...folders.map(({ id, name, conversations }): [string, string, IconName, number] => [
      id,
      name,
      "folder",
      conversations,
    ]),
    ["archive", t("history.archived"), "archive"],
  ];
  return (
    <div className="space-y-3">
      <nav
        aria-label={t("history.folders")}
        className="-mx-4 flex items-center gap-1.5 overflow-x-auto px-4 py-0.5 *:shrink-0 sm:mx-0 sm:flex-wrap sm:px-0"
      >
        {places.map(([id, name, icon, count]) => (
          <button
            key={id ?? ""}
            type="button"
            aria-current={chosen === id ? "true" : undefined}
            onClick={() => choose(id)}
            data-testid={`folder-${name}`}
            className={classes(
              "inline-flex h-9 max-w-56 items-center gap-2 rounded-control border px-3 text-15 transition-colors",
              chosen === id
                ? "border-soft bg-raised font-medium"
                : "border-line text-soft hover:border-soft hover:text-ink",
            )}
          >
            <Icon name={icon} size={16} className="shrink-0" />
            <span className="truncate">{name}</span>
            {count !== undefined && <span className="text-13 text-soft tabular-nums">{count}</span>}
          </button>
        ))}
        {naming === "new" ? (
          <div className="w-48">
            <NameField
              name=""
              label={t("history.folderName")}
              maxLength={LONGEST_NAME}
              onName={(name) => create.mutate(name)}
              onEnd={() => setNaming(null)}
            />
          </div>
        ) : (
          <IconButton
            icon="plus"
            worded
            label={t("history.newFolder")}
            data-testid="new-folder"
            onClick={() => setNaming("new")}
          />
        )}
      </nav>
      {open && !deleting && (
        <div className="flex flex-wrap items-center gap-1">
          {naming === "rename" ? (
            <div className="w-64">
              <NameField
                name={open.name}
                label={t("history.folderName")}
                maxLength={LONGEST_NAME}
                onName={(name) => rename.mutate({ id: open.id, name })}
                onEnd={() => setNaming(null)}
              />
            </div>
          ) : (
            <>
              <IconButton
                icon="edit"
                worded
                label={t("history.renameFolder")}
                data-testid="rename-folder"
                onClick={() => setNaming("rename")}
              />
              <IconButton
                icon="cross"
                worded
                label={t("history.deleteFolder")}
                data-testid="delete-folder"
                onClick={() => setDeleting(true)}
              />
            </>
          )}
        </div>
      )}
      {open && deleting && (
        <Notice tone="care" live>
          <p>{t("history.deleteFolderNote", { name: open.name })}</p>
          <div className="mt-2 flex flex-wrap gap-2">
            <Button
              data-testid="confirm-delete-folder"
              onClick={() => remove.mutate(open.id, { onSuccess: () => choose(undefined) })}
            >
              {t("history.deleteFolder")}
            </Button>
            <Button kind="quiet" onClick={() => setDeleting(false)}>
              {t("question.cancel")}
            </Button>
          </div>
        </Notice>
      )}
      {error && (
        <Notice tone="wrong" live>
          {problemText(error)}
        </Notice>
      )}
    </div>
  );
}
