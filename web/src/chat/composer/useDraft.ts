import { useCallback, useEffect, useState } from "react";
import { readSetting, writeSetting } from "../../app/settings";

/** Text that is being written, kept in this browser until it is sent; the same in every tab. */
export function useDraft(key: string): [string, (text: string) => void] {
  const name = `draft.${key}`;
  const [text, setText] = useState(() => readSetting(name) ?? "");
  useEffect(() => {
    const read = (event?: StorageEvent) => {
      if (!event || event.key?.endsWith(name)) setText(readSetting(name) ?? "");
    };
    read();
    window.addEventListener("storage", read);
    return () => window.removeEventListener("storage", read);
  }, [name]);
  const change = useCallback(
    (next: string) => {
      setText(next);
      writeSetting(name, next || null);
    },
    [name],
  );
  return [text, change];
}
