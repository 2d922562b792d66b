import { Followed, useFollowed } from "../app/followed";

/** How it stands with the reading of one answer. */
export type Reading = "quiet" | "reading" | "failed";

interface Present {
  id: string;
  failed: boolean;
  /** Kept here: some browsers forget an utterance that nobody holds, and never say that it has ended. */
  utterance?: SpeechSynthesisUtterance;
}

const present = new Followed<Present | null>(null);

export const useReading = (id: string): Reading =>
  useFollowed(present, (one) => (one?.id !== id ? "quiet" : one.failed ? "failed" : "reading"));

/** Reads these pieces one after the other, in place of whatever is being read. */
export function read(id: string, pieces: string[], voice: SpeechSynthesisVoice): void {
  hush();
  const mine: Present = { id, failed: false };
  const left = [...pieces];
  const next = () => {
    if (present.value !== mine) return;
    const text = left.shift();
    if (text === undefined) {
      present.value = null;
      return;
    }
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.onend = next;
    utterance.onerror = ({ error }) => {
      if (present.value !== mine) return;
      // Another page may have taken the voice: that is no failure.
      present.value = error === "interrupted" || error === "canceled" ? null : { id, failed: true };
    };
    mine.utterance = utterance;
    speechSynthesis.speak(utterance);
  };
  present.value = mine;
  next();
}

/** Stops reading; with an id, only if it is that answer. */
export function stopReading(id?: string): void {
  if (!present.value || (id !== undefined && present.value.id !== id)) return;
  present.value = null;
  hush();
}

// Called only where there is something to end: some browsers swallow what is said right after.
function hush(): void {
  if (speechSynthesis.speaking || speechSynthesis.pending) speechSynthesis.cancel();
}

// The voice is the browser's, and would go on after the page.
window.addEventListener("pagehide", () => stopReading());
