import { useCallback, useEffect, useState } from "react";
import { readSetting, writeSetting } from "../../app/settings";

/** Text that is being written, kept in this browser until it is sent. */
export function useDraft(key: string): [string, (text: string) => void] {
  const name = `draft.${key}`;
  const [text, setText] = useState(() => readSetting(name) ?? "");
  useEffect(() => setText(readSetting(name) ?? ""), [name]);
  const change = useCallback(
    (next: string) => {
      setText(next);
      writeSetting(name, next || null);
    },
    [name],
  );
  return [text, change];
}
