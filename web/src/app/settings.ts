const PREFIX = "evenhand.";

/** For good, or until the tab is closed. */
type Memory = "localStorage" | "sessionStorage";

/** What the reader set in this browser. Storage may be refused (private windows); then nothing is remembered. */
export function readSetting(name: string, memory: Memory = "localStorage"): string | null {
  try {
    return window[memory].getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Forgets what the reader was writing and where they were; how they like the page stays. */
export function forgetWriting(): void {
  for (const [memory, prefix] of [
    ["localStorage", "draft."],
    ["sessionStorage", "branch."],
  ] as const) {
    try {
      for (const name of Object.keys(window[memory])) {
        if (name.startsWith(PREFIX + prefix)) window[memory].removeItem(name);
      }
    } catch {
      // See above.
    }
  }
}

export function writeSetting(name: string, value: string | null, memory: Memory = "localStorage"): void {
  try {
    if (value === null) window[memory].removeItem(PREFIX + name);
    else window[memory].setItem(PREFIX + name, value);
  } catch {
    // See above.
  }
}
