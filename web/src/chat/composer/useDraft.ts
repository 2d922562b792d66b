import { useCallback, useSyncExternalStore } from "react";
import { Followed } from "../../app/followed";
import { readSetting, writeSetting } from "../../app/settings";

/** What storage did not take: one can write on all the same. */
const unkept = new Followed<Record<string, string>>({});

export function readDraft(key: string): string {
  const name = nameOf(key);
  return unkept.value[name] ?? readSetting(name) ?? "";
}

export function writeDraft(key: string, text: string): void {
  const name = nameOf(key);
  writeSetting(name, text || null);
  const { [name]: _, ...others } = unkept.value;
  unkept.value = (readSetting(name) ?? "") === text ? others : { ...others, [name]: text };
}

/** Takes out of a draft what was sent of it; what one wrote on meanwhile stays. */
export function takeSent(key: string, sent: string): void {
  const now = readDraft(key);
  if (now.startsWith(sent)) writeDraft(key, now.slice(sent.length).trimStart());
}

/** Text that is being written, kept in this browser until it is sent; the same in every tab. */
export function useDraft(key: string): [string, (text: string) => void] {
  const text = useSyncExternalStore(follow, () => readDraft(key));
  return [text, useCallback((next: string) => writeDraft(key, next), [key])];
}

const nameOf = (key: string) => `draft.${key}`;

function follow(changed: () => void): () => void {
  const leave = unkept.follow(changed);
  window.addEventListener("storage", changed);
  return () => {
    leave();
    window.removeEventListener("storage", changed);
  };
}
