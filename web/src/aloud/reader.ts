/** How it stands with the reading of one answer. */
export type Reading = "quiet" | "reading" | "failed";

interface Present {
  id: string;
  failed: boolean;
  /** Kept here: some browsers forget an utterance that nobody holds, and never say that it has ended. */
  utterance?: SpeechSynthesisUtterance;
}

let present: Present | null = null;
const listeners = new Set<() => void>();

function change(next: Present | null): void {
  present = next;
  for (const heard of listeners) heard();
}

export function followReading(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

export function readingOf(id: string): Reading {
  if (present?.id !== id) return "quiet";
  return present.failed ? "failed" : "reading";
}

/** Reads these pieces one after the other, in place of whatever is being read. */
export function read(id: string, pieces: string[], voice: SpeechSynthesisVoice): void {
  hush();
  const mine: Present = { id, failed: false };
  const left = [...pieces];
  const next = () => {
    if (present !== mine) return;
    const text = left.shift();
    if (text === undefined) return change(null);
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.onend = next;
    utterance.onerror = ({ error }) => {
      if (present !== mine) return;
      // Another page may have taken the voice: that is no failure.
      change(error === "interrupted" || error === "canceled" ? null : { id, failed: true });
    };
    mine.utterance = utterance;
    speechSynthesis.speak(utterance);
  };
  change(mine);
  next();
}

/** Stops reading; with an id, only if it is that answer. */
export function stopReading(id?: string): void {
  if (!present || (id !== undefined && present.id !== id)) return;
  change(null);
  hush();
}

// Called only where there is something to end: some browsers swallow what is said right after.
function hush(): void {
  if (speechSynthesis.speaking || speechSynthesis.pending) speechSynthesis.cancel();
}

// The voice is the browser's, and would go on after the page.
window.addEventListener("pagehide", () => stopReading());
