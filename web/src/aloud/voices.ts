import { useSyncExternalStore } from "react";

type Voice = SpeechSynthesisVoice;

/** Voices of macOS that are jokes, or sound like the first computers; its list begins with them. */
const ODD =
  /^(Albert|Bad News|Bahh|Bells|Boing|Bubbles|Cellos|Eddy|Flo|Fred|Good News|Grandma|Grandpa|Jester|Junior|Kathy|Organ|Ralph|Reed|Rocko|Sandy|Shelley|Superstar|Trinoids|Whisper|Wobble|Zarvox)\b/;

/** A voice's language as the others write it: some write en_US, and Mandarin by a name of its own. */
const tagOf = ({ lang }: Voice): string =>
  lang
    .replace("_", "-")
    .toLowerCase()
    .replace(/^cmn\b/, "zh");

const baseOf = (tag: string) => tag.split("-")[0];

/**
 * The voice for a language: one of this device before one that sends the text to its maker, then as it is spoken where
 * the reader lives. It depends on the language alone, so that both answers of a battle are read by the same one.
 */
export function voiceFor(
  language: string,
  voices: readonly Voice[],
  wanted: readonly string[] = navigator.languages,
): Voice | undefined {
  const regions = [...wanted.map((tag) => tag.toLowerCase()), "zh-cn", "en-us"];
  const rank = (voice: Voice): number[] => {
    const region = regions.indexOf(tagOf(voice));
    return [
      voice.localService ? 0 : 1,
      ODD.test(voice.name) ? 1 : 0,
      region < 0 ? regions.length : region,
      voice.default ? 0 : 1,
    ];
  };
  const better = (one: Voice, other: Voice) => {
    const [first, second] = [rank(one), rank(other)];
    const at = first.findIndex((value, place) => value !== second[place]);
    return at >= 0 && (first[at] ?? 0) < (second[at] ?? 0);
  };
  return voices
    .filter((voice) => baseOf(tagOf(voice)) === baseOf(language))
    .reduce<Voice | undefined>(
      (best, one) => (best === undefined || better(one, best) ? one : best),
      undefined,
    );
}

let known: readonly Voice[] = [];
const read = () => {
  const voices = speechSynthesis.getVoices();
  // The same list as long as it has the same voices: it is a new one with each reading.
  if (voices.length !== known.length || voices.some((voice, place) => voice !== known[place])) known = voices;
  return known;
};
const follow = (changed: () => void) => {
  speechSynthesis.addEventListener?.("voiceschanged", changed);
  return () => speechSynthesis.removeEventListener?.("voiceschanged", changed);
};

/** The voices that this browser has; some come a little after the page. */
export const useVoices = (): readonly Voice[] => useSyncExternalStore(follow, read);
