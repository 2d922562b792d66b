import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "../ui/classes";
import { chosen, LANGUAGES, LENGTHS, ownName, TONES, wordsFor } from "./choices";
import { getWordings } from "./endpoints";
import { FIELD } from "./looks";
import type { Preset } from "./preset";

interface PresetFieldsProps {
  preset: Preset;
  onChange: (preset: Preset) => void;
}

/** What is wanted of every answer: its length, its tone, its language; and what the models are told then. */
export function PresetFields({ preset, onChange }: PresetFieldsProps) {
  const { t } = useTranslation("asking");
  const language = useId();
  const wanted = chosen(preset);
  const { data } = useQuery({
    queryKey: ["presets"],
    queryFn: getWordings,
    enabled: wanted !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const words = wanted && data?.at(-1);
  return (
    <section aria-label={t("form")} className="space-y-3 p-2">
      <Choice
        legend={t("length.label")}
        options={LENGTHS.map((value) => ({ value, name: t(`length.${value}`) }))}
        value={preset.length}
        onChange={(length) => onChange({ ...preset, length })}
      />
      <Choice
        legend={t("tone.label")}
        options={TONES.map((value) => ({ value, name: t(`tone.${value}`) }))}
        value={preset.tone}
        onChange={(tone) => onChange({ ...preset, tone })}
      />
      <div>
        <label htmlFor={language} className="mb-1 block text-13 text-soft">
          {t("language.label")}
        </label>
        <select
          id={language}
          value={preset.language ?? ""}
          onChange={({ target }) =>
            onChange({ ...preset, language: (target.value || null) as Preset["language"] })
          }
          className={FIELD}
          data-testid="preset-language"
        >
          <option value="">{t("language.question")}</option>
          {LANGUAGES.map((tag) => (
            <option key={tag} value={tag} lang={tag}>
              {ownName(tag)}
            </option>
          ))}
        </select>
      </div>
      <p className="text-13 text-soft text-pretty">{t("formNote")}</p>
      {/* Its line is kept free: what is to be tapped next would move up when it comes. */}
      <div className="min-h-[1lh] text-13">
        {wanted && words && (
          <details>
            <summary className="cursor-pointer text-soft underline-offset-4 hover:underline">
              {t("wording")}
            </summary>
            <p lang="en" className="mt-1 text-pretty" data-testid="preset-wording">
              {wordsFor(wanted, words)}
            </p>
          </details>
        )}
      </div>
    </section>
  );
}

interface ChoiceProps<Value extends string> {
  legend: string;
  options: { value: Value; name: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

function Choice<Value extends string>({ legend, options, value, onChange }: ChoiceProps<Value>) {
  const group = useId();
  return (
    <fieldset>
      <legend className="mb-1 text-13 text-soft">{legend}</legend>
      <div className="flex flex-wrap gap-1">
        {options.map((option) => (
          <label
            key={option.value}
            className={classes(
              "flex min-h-9 flex-auto cursor-pointer items-center justify-center rounded-control border px-2.5 text-15 transition-colors has-focus-visible:outline-2 has-focus-visible:outline-sea",
              option.value === value
                ? "border-soft bg-ink/7 font-medium"
                : "border-line text-soft hover:border-soft",
            )}
          >
            <input
              type="radio"
              name={group}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="sr-only"
              data-testid={`preset-${option.value}`}
            />
            {option.name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
