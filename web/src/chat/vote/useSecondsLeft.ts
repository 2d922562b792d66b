import { useEffect, useState } from "react";

/**
 * The seconds until a time, and a call when it has come.
 *
 * The server's clock and this machine's may differ: what is left is never taken for more than `most`.
 */
export function useSecondsLeft(until: string | null | undefined, most: number, onDue: () => void): number {
  const [seconds, setSeconds] = useState(most);
  useEffect(() => {
    if (!until) return;
    const left = Math.min(most, Math.max(0, (Date.parse(until) - Date.now()) / 1000));
    const due = performance.now() + left * 1000;
    const look = () => {
      const now = Math.ceil((due - performance.now()) / 1000);
      if (now <= 0) {
        clearInterval(timer);
        onDue();
      }
      setSeconds(Math.max(0, now));
    };
    const timer = setInterval(look, 200);
    look();
    return () => clearInterval(timer);
  }, [until, most, onDue]);
  return seconds;
}
