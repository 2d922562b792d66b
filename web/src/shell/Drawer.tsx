import { Dialog } from "radix-ui";
import type { ReactNode, RefObject } from "react";
import { useTranslation } from "react-i18next";

interface DrawerProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** What opened it, and has the focus again afterwards. */
  opener: RefObject<HTMLElement | null>;
  children: ReactNode;
}

/** Over the page from its side, until one chooses in it or puts it away. */
export default function Drawer({ open, onOpenChange, opener, children }: DrawerProps) {
  const { t } = useTranslation();
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          onEscapeKeyDown={(event) => {
            // What is written in a field goes first.
            if (event.target instanceof HTMLInputElement && event.target.value) event.preventDefault();
            // As does a dialog over the drawer.
            const above = event.target instanceof Element && event.target.closest("dialog");
            if (!above) return;
            event.preventDefault();
            above.close();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (document.activeElement !== document.body) return;
            const back = opener.current?.isConnected ? opener.current : document.getElementById("main");
            back?.focus({ preventScroll: true });
          }}
          // A link to where one is already leads to no other address.
          onClick={({ target }) => target instanceof Element && target.closest("a") && onOpenChange(false)}
          className="fixed inset-y-0 left-0 z-50 w-[min(20rem,85vw)] border-r border-line bg-ground shadow-soft"
        >
          <Dialog.Title className="sr-only">{t("shell.menu")}</Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
