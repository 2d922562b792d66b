import { Link } from "@tanstack/react-router";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { useInstallOffer } from "../app/installing";
import { useKeyOf } from "../app/keys";
import { useInstance, useMe } from "../app/queries";
import { Fetched } from "../ui/Fetched";
import { Icon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { Brand } from "./Brand";
import { LanguageSwitch } from "./LanguageSwitch";
import { ThemeSwitch } from "./ThemeSwitch";

// The first page does without it.
const HistoryList = lazy(async () => ({ default: (await import("../history/HistoryList")).HistoryList }));

// Only where the browser offers it.
const InstallEntry = lazy(() => import("./InstallEntry"));

const ENTRY =
  "flex min-h-10 items-center gap-3 rounded-control px-3 text-15 text-soft transition-colors hover:bg-ink/5 hover:text-ink";

interface RailProps {
  onClose: () => void;
  /** Shows the list of keys. */
  onKeys: () => void;
}

/** New chat, arenas, boards and the reader's own history. */
export function Rail({ onClose, onKeys }: RailProps) {
  const { t, i18n } = useTranslation();
  const { data: instance } = useInstance();
  const { data: me } = useMe();
  const keyOf = useKeyOf();
  const installable = useInstallOffer();
  return (
    <div className="flex h-full flex-col gap-1 p-3">
      <div className="mb-2 flex h-10 items-center justify-between pl-3">
        <Brand />
        <IconButton icon="panel" label={t("shell.closeRail")} onClick={onClose} />
      </div>
      <Link
        to="/"
        data-testid="new-chat"
        aria-keyshortcuts={keyOf("n")}
        className="mb-2 flex min-h-10 items-center gap-3 rounded-control border border-line bg-raised px-3 text-15 font-medium transition-colors hover:border-soft"
      >
        <Icon name="plus" className="text-clay" />
        {t("shell.newChat")}
      </Link>
      <nav aria-label={t("shell.pages")}>
        {instance?.arenas.map((arena) => (
          <Link
            key={arena.slug}
            to="/"
            search={{ arena: arena.slug }}
            className={ENTRY}
            activeOptions={{ exact: true, includeSearch: false }}
            activeProps={{ className: "font-medium text-ink" }}
          >
            <Icon name="battle" />
            {t("shell.arena", { name: arena.name[i18n.language] ?? arena.name.en ?? arena.slug })}
          </Link>
        ))}
        <Link to="/boards" className={ENTRY} activeProps={{ className: "font-medium text-ink" }}>
          <Icon name="board" />
          {t("shell.boards")}
        </Link>
        <Link to="/my-board" className={ENTRY} activeProps={{ className: "font-medium text-ink" }}>
          <Icon name="check" />
          {t("shell.myBoard")}
        </Link>
        {me?.role && (
          <Link
            to="/operations/retention"
            className={ENTRY}
            activeProps={{ className: "font-medium text-ink" }}
          >
            <Icon name="pair" />
            {t("shell.retention")}
          </Link>
        )}
      </nav>
      <Fetched instead={<div className="flex-1" />}>
        <HistoryList />
      </Fetched>
      <div className="mt-auto border-t border-line pt-2">
        {installable && (
          <Fetched instead={null}>
            <InstallEntry />
          </Fetched>
        )}
      </div>
      <div className="flex items-center justify-between">
        <LanguageSwitch />
        <span className="flex">
          <IconButton
            icon="keyboard"
            label={t("shell.keys")}
            data-testid="keys"
            aria-keyshortcuts={keyOf("?")}
            className="max-md:hidden"
            onClick={onKeys}
          />
          <ThemeSwitch />
        </span>
      </div>
    </div>
  );
}
