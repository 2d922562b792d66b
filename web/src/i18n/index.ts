import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";
import { choose, chosen } from "../app/chosen";
import { isLanguage, LANGUAGES, type Language, preferredLanguage } from "./language";

type Loader = () => Promise<{ default: Record<string, unknown> }>;

const own = import.meta.glob("./locales/*/*.json") as Record<string, Loader>;
const boards = import.meta.glob("../boards/locales/*.json") as Record<string, Loader>;

const loaderOf = (language: string, namespace: string): Loader | undefined =>
  namespace === "boards"
    ? boards[`../boards/locales/${language}.json`]
    : own[`./locales/${language}/${namespace}.json`];

/** Each language and namespace is a file of its own, fetched when it is first needed. */
const files: BackendModule = {
  type: "backend",
  init() {},
  read(language, namespace, done) {
    const load = loaderOf(language, namespace);
    if (!load) return done(new Error(`no texts for ${language}/${namespace}`), false);
    load().then(
      (module) => done(null, module.default),
      (error) => done(error, false),
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
    });
  chosen.follow(follow);
}

/** Fetches texts before they are shown, also where they did not come before; rejects where they do not. */
export async function loadTexts(namespace: string): Promise<void> {
  await i18next.loadNamespaces(namespace);
  const { language } = i18next;
  if (i18next.hasResourceBundle(language, namespace)) return;
  // What failed once is not asked for again by that.
  const texts = await loaderOf(language, namespace)?.();
  if (texts) i18next.addResourceBundle(language, namespace, texts.default);
}

export const setLanguage = (language: Language): void => choose("language", language);

/** Another tab may have chosen, or the account have it from another browser. */
function follow(): void {
  const { language } = chosen.value;
  if (isLanguage(language) && language !== i18next.language) void i18next.changeLanguage(language);
}
