import { Outlet, useRouterState } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMediaQuery } from "../app/useMediaQuery";
import { useSwitch } from "../app/useSwitch";
import { useShortcuts } from "../shortcuts/useShortcuts";
import { Fetched } from "../ui/Fetched";
import { useFetchedDialog } from "../ui/useFetchedDialog";
import { useLate } from "../ui/useLate";
import { Rail } from "./Rail";
import { RailOpener } from "./RailOpener";

// Only where the window has no room for the rail beside the page.
const loadDrawer = async () => (await import("./Drawer")).default;
const loadShortcuts = () => import("../shortcuts/ShortcutsDialog");

/** The frame of every page: the rail beside it, on narrow screens a drawer over it. */
export function Shell() {
  const { t } = useTranslation();
  const beside = useMediaQuery("(min-width: 64rem)");
  const [shown, setShown] = useSwitch("rail", true);
  const [drawer, setDrawer] = useState(false);
  const { late, fetchControl, waits } = useLate(loadDrawer);
  const opener = useRef<HTMLElement>(null);
  const { Dialog: ShortcutsDialog, open: openKeys, close: closeKeys } = useFetchedDialog(loadShortcuts);
  const showKeys = useCallback(() => {
    setDrawer(false);
    openKeys();
  }, [openKeys]);
  useShortcuts(showKeys);
  const address = useRouterState({ select: (state) => state.location.href });

  useEffect(() => {
    // It is there when somebody opens it; where it did not come, whoever opens it asks for it again.
    if (!beside) loadDrawer().catch(() => {});
  }, [beside]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every other address closes the drawer.
  useEffect(() => setDrawer(false), [address]);

  const open = (by: HTMLElement) => {
    opener.current = by;
    if (beside) setShown(true);
    else if (late) setDrawer(true);
    else void fetchControl().then(setDrawer);
  };
  const opening = beside
    ? { open, button: { "aria-expanded": false } }
    : { open, button: { "aria-haspopup": "dialog" as const, "aria-expanded": drawer, "aria-busy": waits } };
  return (
    <div className="flex h-full">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-control bg-ink px-4 py-2 text-ground focus:translate-y-0"
      >
        {t("shell.skip")}
      </a>
      {beside && shown && (
        <aside className="w-66 shrink-0 border-r border-line bg-sunken/60">
          <Rail onClose={() => setShown(false)} onKeys={showKeys} />
        </aside>
      )}
      {!beside && late && (
        <late.Control open={drawer} onOpenChange={setDrawer} opener={opener}>
          <Rail onClose={() => setDrawer(false)} onKeys={showKeys} />
        </late.Control>
      )}
      <RailOpener.Provider value={beside && shown ? null : opening}>
        <main id="main" tabIndex={-1} className="relative min-w-0 flex-1 overflow-y-auto outline-none">
          <Outlet />
        </main>
      </RailOpener.Provider>
      {ShortcutsDialog && (
        <Fetched instead={null}>
          <ShortcutsDialog onClose={closeKeys} />
        </Fetched>
      )}
    </div>
  );
}
