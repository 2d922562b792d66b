import { useTranslation } from "react-i18next";
import type { RevealedSide } from "../../api/types";
import { money, rounded } from "./numbers";

interface FiguresProps {
  revealed: RevealedSide;
}

/** Price, tokens, speed and cost, as far as they are known. */
export function Figures({ revealed }: FiguresProps) {
  const { t, i18n } = useTranslation();
  const { price, statistics } = revealed;
  const language = i18n.language;
  const figures: [name: "price" | "tokens" | "speed" | "firstToken" | "cost", value: string | null][] = [
    [
      "price",
      price &&
        t("reveal.priceValue", {
          input: money(price.input, language),
          output: money(price.output, language),
        }),
    ],
    ["tokens", rounded(statistics.output_tokens, language)],
    [
      "speed",
      statistics.tokens_per_second === null
        ? null
        : t("reveal.speedValue", { speed: rounded(statistics.tokens_per_second, language) }),
    ],
    [
      "firstToken",
      statistics.first_token_ms === null
        ? null
        : t("reveal.seconds", { seconds: (statistics.first_token_ms / 1000).toFixed(1) }),
    ],
    ["cost", statistics.cost_usd === null ? null : money(statistics.cost_usd, language)],
  ];
  const known = figures.filter(([, value]) => value !== null);
  if (known.length === 0) return null;
  return (
    <dl className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-13 tabular-nums">
      {known.map(([name, value]) => (
        <div key={name} className="flex gap-1.5">
          <dt className="text-soft">{t(`reveal.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
