import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";
import { choose, chosen, put } from "../app/chosen";
import { isLanguage, LANGUAGES, type Language, preferredLanguage } from "./language";

type Loader = () => Promise<{ default: Record<string, unknown> }>;

const own = import.meta.glob("./locales/*/*.json") as Record<string, Loader>;
const boards = import.meta.glob("../boards/locales/*.json") as Record<string, Loader>;

const loaderOf = (language: string, namespace: string): Loader | undefined =>
  namespace === "boards"
    ? boards[`../boards/locales/${language}.json`]
    : own[`./locales/${language}/${namespace}.json`];

const PAUSE_MS = 1000;

/** Says to i18next that a file that did not come may come yet. */
const TRIED_AGAIN = true;

/** Each language and namespace is a file of its own, fetched when it is first needed. */
const files: BackendModule = {
  type: "backend",
  init() {},
  read(language, namespace, done) {
    const load = loaderOf(language, namespace);
    if (!load) return done(new Error(`no texts for ${language}/${namespace}`), false);
    load().then(
      (module) => done(null, module.default),
      (error) => done(error, TRIED_AGAIN),
    );
  },
};

/** Loads the reader's language; resolves when the first page can be drawn. */
export async function startTranslations(): Promise<void> {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language === "zh" ? "zh-Hans" : language;
  });
  await i18next
    .use(files)
    .use(initReactI18next)
    .init({
      lng: preferredLanguage(),
      // Each has every text (locales.test.ts), so that nobody need fetch two.
      fallbackLng: false,
      supportedLngs: LANGUAGES,
      ns: ["page"],
      defaultNS: "page",
      partialBundledLanguages: true,
      interpolation: { escapeValue: false },
      // A second in all; then it is better to say that the page could not be fetched.
      maxRetries: 2,
      parseMissingKeyHandler: textOr,
    });
  await firstTexts();
  chosen.follow(follow);
}

/** Without these nothing can be said, not even that they are missing. */
async function firstTexts(): Promise<void> {
  try {
    await loadTexts("page");
  } catch {
    await new Promise((wait) => setTimeout(wait, PAUSE_MS));
    await firstTexts();
  }
}

/** What needs texts whose file did not come fails as what it stands in does, instead of showing keys. */
function textOr(key: string, otherwise?: string, options?: { ns?: string | readonly string[] }): string {
  if (otherwise !== undefined) return otherwise;
  for (const namespace of [options?.ns ?? "page"].flat()) {
    if (i18next.hasResourceBundle(i18next.language, namespace)) continue;
    throw new Error(`the text of ${key} did not come`);
  }
  return key;
}

/** Fetches texts before they are shown, also where they did not come before; rejects where they do not. */
export async function loadTexts(namespace: string, language = i18next.language): Promise<void> {
  if (i18next.hasResourceBundle(language, namespace)) return;
  const texts = await loaderOf(language, namespace)?.();
  if (texts) i18next.addResourceBundle(language, namespace, texts.default);
}

export const setLanguage = (language: Language): void => choose("language", language);

/** Another tab may have chosen, or the account have it from another browser. What cannot be fetched is not taken. */
async function follow(): Promise<void> {
  const { language } = chosen.value;
  if (!isLanguage(language) || language === i18next.language) return;
  const shown = Object.keys(i18next.getDataByLanguage(i18next.language) ?? {});
  try {
    await Promise.all(shown.map((namespace) => loadTexts(namespace, language)));
  } catch {
    if (chosen.value.language === language) put("language", i18next.language);
    return;
  }
  if (chosen.value.language === language) await i18next.changeLanguage(language);
}
