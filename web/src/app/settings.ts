const PREFIX = "evenhand.";

/** What the reader set in this browser. Storage may be refused (private windows); then nothing is remembered. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Forgets what the reader was writing. */
export function forgetWriting(): void {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(`${PREFIX}draft.`)) localStorage.removeItem(name);
    }
  } catch {
    // See above.
  }
}

/** Forgets what is nobody else's business: drafts, and what is wanted of answers; how the page looks stays. */
export function forgetReader(): void {
  forgetWriting();
  writeSetting("preset", null);
  writeSetting("unsent", null);
}

export function writeSetting(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // See above.
  }
}
