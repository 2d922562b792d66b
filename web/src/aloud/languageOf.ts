/** Scripts that (nearly) name a language. */
const SCRIPTS: [language: string, letters: RegExp][] = [
  ["zh", /\p{Script=Han}/gu],
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ["ko", /\p{Script=Hangul}/gu],
  ["ru", /\p{Script=Cyrillic}/gu],
  ["el", /\p{Script=Greek}/gu],
  ["ar", /\p{Script=Arabic}/gu],
  ["he", /\p{Script=Hebrew}/gu],
  ["hi", /\p{Script=Devanagari}/gu],
  ["th", /\p{Script=Thai}/gu],
];
const LATIN = /\p{Script=Latin}/gu;
/** Signs that say as much as three letters. */
const DENSE = ["zh", "ja", "ko"];

/** Short words that a language in Latin letters cannot do without. */
const SMALL_WORDS: Record<string, string[]> = {
  en: ["the", "of", "and", "to", "is", "that", "it", "are"],
  de: ["der", "die", "das", "und", "ist", "nicht", "ein", "eine", "zu"],
  fr: ["le", "les", "des", "est", "et", "une", "que", "dans", "pour"],
  es: ["el", "los", "las", "y", "una", "que", "en", "es", "por"],
  it: ["il", "che", "è", "una", "per", "di", "non", "gli", "sono"],
  pt: ["o", "os", "uma", "que", "não", "é", "em", "para", "do"],
  nl: ["het", "een", "en", "van", "niet", "dat", "zijn", "de", "voor"],
};

const CODE = /```[\s\S]*?(```|$)|`[^`\n]*`/g;

/** The language that a text is mostly in, by its letters and small words; `otherwise` where those do not tell. */
export function languageOf(text: string, otherwise: string): string {
  const prose = text.replace(CODE, " ");
  const count = (letters: RegExp) => prose.match(letters)?.length ?? 0;
  const counts = new Map(
    SCRIPTS.map(([language, letters]) => [language, count(letters) * (DENSE.includes(language) ? 3 : 1)]),
  );
  const [most, weight] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ["", 0]);
  if (weight > count(LATIN)) {
    const kana = counts.get("ja") ?? 0;
    // Japanese writes with Chinese signs, too.
    return most === "zh" && kana * 5 > weight ? "ja" : most;
  }
  return bySmallWords(prose) ?? (otherwise === "zh" ? "en" : otherwise);
}

function bySmallWords(prose: string): string | undefined {
  const words = prose.toLowerCase().match(/\p{L}+/gu) ?? [];
  let [best, most] = [undefined as string | undefined, 0];
  for (const [language, small] of Object.entries(SMALL_WORDS)) {
    const found = words.filter((word) => small.includes(word)).length;
    if (found > most) [best, most] = [language, found];
  }
  return best;
}
