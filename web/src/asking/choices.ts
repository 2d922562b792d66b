import type { Wording } from "./endpoints";
import type { Preset } from "./preset";

export const USUAL: Preset = { length: "usual", tone: "usual", language: null };
export const LENGTHS = ["short", "usual", "thorough"] as const satisfies Preset["length"][];
export const TONES = ["usual", "plain", "friendly", "formal"] as const satisfies Preset["tone"][];
export const LANGUAGES = [
  "ar",
  "de",
  "en",
  "es",
  "fr",
  "hi",
  "id",
  "it",
  "ja",
  "ko",
  "pt",
  "ru",
  "tr",
  "vi",
  "zh-Hans",
  "zh-Hant",
] as const satisfies NonNullable<Preset["language"]>[];

/** Nothing where all is as usual, so that nothing is sent then. */
export const chosen = (preset: Preset): Preset | undefined =>
  preset.length === "usual" && preset.tone === "usual" && preset.language === null ? undefined : preset;

/** What a language is called by those who speak it. */
export const ownName = (language: string): string =>
  new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;

/** What all who answer are told, word for word; as the server puts it together (battles/presets.py). */
export function wordsFor(preset: Preset, words: Wording): string {
  return [
    preset.language ? words.language[preset.language] : words.language_of_the_question,
    preset.length !== "usual" && words.length[preset.length],
    preset.tone !== "usual" && words.tone[preset.tone],
    words.closing,
  ]
    .filter(Boolean)
    .join(" ");
}
