import { useEffect, useState } from "react";

interface SendOnceReady {
  press: () => void;
  /** For a press that still waits while its question is being changed. */
  takeBack: () => void;
}

/**
 * Sends at a press, or as soon as the page is ready to: a press that comes first is not lost.
 * Where it turns out then that the press may not count, one presses again.
 */
export function useSendOnceReady(ready: boolean, counts: boolean, send: () => void): SendOnceReady {
  const [waits, setWaits] = useState(false);
  useEffect(() => {
    if (!waits || !ready) return;
    setWaits(false);
    if (counts) send();
  });
  return {
    press: () => (ready ? send() : setWaits(true)),
    takeBack: () => setWaits(false),
  };
}
