import { type ReactNode, useContext } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/IconButton";
import { AccountLink } from "./AccountLink";
import { RailOpener } from "./RailOpener";

interface TopBarProps {
  children?: ReactNode;
}

/** The line above a page's content: the button that brings the rail back, and the way to sign in. */
export function TopBar({ children }: TopBarProps) {
  const { t } = useTranslation();
  const rail = useContext(RailOpener);
  return (
    <header className="sticky top-0 z-20 flex h-14 items-center gap-1 border-b border-line bg-ground/95 px-3 backdrop-blur-sm md:px-5">
      {rail && (
        <IconButton
          {...rail.button}
          icon="menu"
          label={t("shell.openRail")}
          data-testid="open-rail"
          onClick={(event) => rail.open(event.currentTarget)}
        />
      )}
      {children}
      <AccountLink />
    </header>
  );
}
