import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Language } from "../i18n/language";
import { getSuggestions } from "./endpoints";

const DAY_MS = 86_400_000;

interface SuggestionsProps {
  arena: string;
  onPick: (prompt: string) => void;
}

/** Questions worth asking today, for whoever has none ready. */
export default function Suggestions({ arena, onPick }: SuggestionsProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language as Language;
  const { data } = useQuery({
    queryKey: ["suggestions", arena, language],
    queryFn: () => getSuggestions(arena, language),
    // Other ones come with the next day of UTC.
    staleTime: () => DAY_MS - (Date.now() % DAY_MS),
  });
  if (!data) return null;
  return (
    <section aria-labelledby="prompts">
      <h2 id="prompts" className="mb-1 px-1 text-13 font-medium text-soft">
        {t("start.suggestions")}
      </h2>
      <ul className="grid md:grid-cols-2 md:gap-x-6" lang={data.language}>
        {data.prompts.map((prompt) => (
          <li key={prompt} className="border-t border-line">
            <button
              type="button"
              data-testid="prompt"
              onClick={() => onPick(prompt)}
              className="flex min-h-14 w-full items-start px-1 py-3 text-left text-15 leading-snug transition-colors hover:text-clay"
            >
              {prompt}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
