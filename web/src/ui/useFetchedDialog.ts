import { useCallback, useState } from "react";

/**
 * A dialog that is fetched when it is opened: it is there from then on until it is closed. Where it cannot be had
 * nothing opens, and the next time it is asked for anew.
 */
export function useFetchedDialog<Dialog>(load: () => Promise<{ default: Dialog }>) {
  const [dialog, setDialog] = useState<{ Dialog: Dialog }>();
  const open = useCallback(() => {
    load().then(
      (part) => setDialog({ Dialog: part.default }),
      () => {},
    );
  }, [load]);
  const close = useCallback(() => setDialog(undefined), []);
  return { Dialog: dialog?.Dialog, open, close };
}
