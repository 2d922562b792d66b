import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import type { SavedPrompt } from "./endpoints";
import { FIELD } from "./looks";
import { filledIn, placeholdersOf } from "./placeholders";

interface PlaceholderFormProps {
  prompt: SavedPrompt;
  onFilled: (text: string) => void;
  onCancel: () => void;
}

/** A field for each thing that a prompt leaves open. */
export function PlaceholderForm({ prompt, onFilled, onCancel }: PlaceholderFormProps) {
  const { t } = useTranslation("asking");
  const [values, setValues] = useState<Record<string, string>>({});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFilled(filledIn(prompt.text, values));
  };
  return (
    <form onSubmit={submit} className="space-y-3 p-2" data-testid="placeholder-form">
      <p className="font-medium text-15">{prompt.name}</p>
      {placeholdersOf(prompt.text).map((name, index) => (
        <label key={name} className="block">
          <span className="mb-1 block text-13 text-soft">{name}</span>
          <input
            // It comes up because somebody asked for it.
            // biome-ignore lint/a11y/noAutofocus: see above.
            autoFocus={index === 0}
            value={values[name] ?? ""}
            onChange={(event) => setValues({ ...values, [name]: event.target.value })}
            className={FIELD}
            data-testid="placeholder"
          />
        </label>
      ))}
      <p className="max-h-32 overflow-y-auto rounded-control bg-ink/5 px-2.5 py-2 text-13 whitespace-pre-wrap">
        {filledIn(prompt.text, values)}
      </p>
      <div className="flex gap-2">
        <Button type="submit" kind="main" data-testid="placeholder-insert">
          {t("insert")}
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          {t("cancel")}
        </Button>
      </div>
    </form>
  );
}
