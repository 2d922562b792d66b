import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { createFolder, deleteFolder, renameFolder } from "../api/endpoints";
import type { Folder } from "../api/types";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import { Icon, type IconName } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { NameField } from "./NameField";
import { useFocusNext } from "./useFocusNext";
import { useFolderChange } from "./useFolders";

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
  const change = useFolderChange();
  const bar = useRef<HTMLDivElement>(null);
  const focusNext = useFocusNext(bar);
  const [naming, setNaming] = useState<"new" | "rename" | null>(null);
  const [deleting, setDeleting] = useState(false);
  const open = folders.find(({ id }) => id === chosen);
  const choose = (next: string | undefined) => {
    setDeleting(false);
    if (naming === "rename") setNaming(null);
    onChoose(next);
  };
  const named = (what: "new" | "rename", byKey: boolean) => {
    // A name that failed and was given up is no trouble any more.
    if (change.isError) change.reset();
    setNaming((now) => (now === what ? null : now));
    if (byKey) focusNext(what);
  };
  const askDeleting = (asked: boolean) => {
    change.reset();
    setDeleting(asked);
    focusNext(asked ? "confirm" : "delete");
  };
  const remove = async ({ id }: Folder) => {
    await change.mutateAsync(() => deleteFolder(id));
    choose(undefined);
    focusNext("all");
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
    <div ref={bar} className="space-y-3">
      <nav
        aria-label={t("history.folders")}
        className="-mx-4 flex items-center gap-1.5 overflow-x-auto px-4 py-0.5 *:shrink-0 sm:mx-0 sm:flex-wrap sm:px-0"
      >
        {places.map(([id, name, icon, count]) => (
          <button
            key={id ?? ""}
            type="button"
            data-focus={id ?? "all"}
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
              onName={(name) => change.mutateAsync(() => createFolder(name))}
              onEnd={(byKey) => named("new", byKey)}
            />
          </div>
        ) : (
          <IconButton
            icon="plus"
            worded
            label={t("history.newFolder")}
            data-testid="new-folder"
            data-focus="new"
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
                onName={(name) => change.mutateAsync(() => renameFolder(open.id, name))}
                onEnd={(byKey) => named("rename", byKey)}
              />
            </div>
          ) : (
            <>
              <IconButton
                icon="edit"
                worded
                label={t("history.renameFolder")}
                data-testid="rename-folder"
                data-focus="rename"
                onClick={() => setNaming("rename")}
              />
              <IconButton
                icon="cross"
                worded
                label={t("history.deleteFolder")}
                data-testid="delete-folder"
                data-focus="delete"
                onClick={() => askDeleting(true)}
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
              data-focus="confirm"
              onClick={() => remove(open).catch(() => {})}
            >
              {t("history.deleteFolder")}
            </Button>
            <Button kind="quiet" onClick={() => askDeleting(false)}>
              {t("question.cancel")}
            </Button>
          </div>
        </Notice>
      )}
      {change.error && (
        <Notice tone="wrong" live>
          {problemText(change.error)}
        </Notice>
      )}
    </div>
  );
}
