import { useTranslation } from "react-i18next";
import { promptsOfTheDay } from "./promptsOfTheDay";

interface PromptsProps {
  onPick: (prompt: string) => void;
}

/** Questions worth asking, for whoever has none ready. */
export function Prompts({ onPick }: PromptsProps) {
  const { t } = useTranslation(["page", "prompts"]);
  const all = t("prompts:prompts", { returnObjects: true }) as string[];
  return (
    <section aria-labelledby="prompts">
      <h2 id="prompts" className="mb-1 px-1 text-13 font-medium text-soft">
        {t("start.prompts")}
      </h2>
      <ul className="grid md:grid-cols-2 md:gap-x-6">
        {promptsOfTheDay(all).map((prompt) => (
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
