import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import type { PromptDraft, SavedPrompt } from "./endpoints";
import { FIELD } from "./looks";
import { usePromptChanges } from "./usePrompts";

/** As long as the server takes. */
const LONGEST_NAME = 80;
const LONGEST_TEXT = 8000;

interface PromptFormProps {
  /** One that is kept already is changed; another one is saved. */
  prompt: SavedPrompt | PromptDraft;
  onEnd: () => void;
}

/** The name and the words of a prompt. */
export function PromptForm({ prompt, onEnd }: PromptFormProps) {
  const { t } = useTranslation("asking");
  const problemText = useProblemText();
  const { save, change } = usePromptChanges();
  const [name, setName] = useState(prompt.name);
  const [text, setText] = useState(prompt.text);
  const ids = { name: useId(), text: useId(), hint: useId() };
  const error = save.error ?? change.error;
  const empty = !name.trim() || !text.trim();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (empty || save.isPending || change.isPending) return;
    const options = { onSuccess: onEnd };
    if ("id" in prompt) change.mutate({ id: prompt.id, name, text }, options);
    else save.mutate({ name, text }, options);
  };
  return (
    <form onSubmit={submit} className="space-y-3 p-2" data-testid="prompt-form">
      <div>
        <label htmlFor={ids.name} className="mb-1 block text-13 text-soft">
          {t("name")}
        </label>
        <input
          id={ids.name}
          // It comes up because somebody asked for it.
          // biome-ignore lint/a11y/noAutofocus: see above.
          autoFocus
          value={name}
          maxLength={LONGEST_NAME}
          onChange={(event) => setName(event.target.value)}
          className={FIELD}
          data-testid="prompt-name"
        />
      </div>
      <div>
        <label htmlFor={ids.text} className="mb-1 block text-13 text-soft">
          {t("text")}
        </label>
        <textarea
          id={ids.text}
          value={text}
          maxLength={LONGEST_TEXT}
          rows={5}
          aria-describedby={ids.hint}
          onChange={(event) => setText(event.target.value)}
          className={`${FIELD} max-h-[40dvh] py-2`}
          data-testid="prompt-text"
        />
        <p id={ids.hint} className="mt-1 text-13 text-soft text-pretty">
          {t("placeholderHint", { example: `{{${t("example")}}}` })}
        </p>
      </div>
      {error && (
        <Notice tone="wrong" live testId="prompt-problem">
          {error instanceof Problem && error.document.code === "too_many_prompts"
            ? t("tooMany", { limit: error.document.limit })
            : problemText(error)}
        </Notice>
      )}
      <div className="flex gap-2">
        <Button type="submit" kind="main" aria-disabled={empty} data-testid="prompt-save">
          {t("save")}
        </Button>
        <Button kind="quiet" onClick={onEnd}>
          {t("cancel")}
        </Button>
      </div>
    </form>
  );
}
