import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { isComposing } from "../ui/isComposing";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import type { PromptDraft, SavedPrompt } from "./endpoints";
import { FIELD } from "./looks";
import { PromptItem } from "./PromptItem";
import { usePromptChanges, usePrompts } from "./usePrompts";

interface PromptListProps {
  /** What stands in the input, to be saved. */
  written: string;
  /** Came up by the key `/`, which may have been meant as itself. */
  bySlash: boolean;
  onPick: (prompt: SavedPrompt) => void;
  onEdit: (prompt: SavedPrompt | PromptDraft) => void;
  onWrite: (text: string) => void;
  /** After one was deleted, and with it what had the focus. */
  onGone: () => void;
}

/** One's own prompts, to be looked through, taken and kept in order. */
export function PromptList({ written, bySlash, onPick, onEdit, onWrite, onGone }: PromptListProps) {
  const { t } = useTranslation("asking");
  const problemText = useProblemText();
  const { data: prompts, error } = usePrompts();
  const { remove } = usePromptChanges();
  const [query, setQuery] = useState("");
  const list = useRef<HTMLElement>(null);
  const wanted = query.trim().toLowerCase();
  const found = (prompts ?? []).filter(({ name, text }) => `${name}\n${text}`.toLowerCase().includes(wanted));

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [...(list.current?.querySelectorAll<HTMLElement>("input, [data-prompt]") ?? [])];
    const here = stops.indexOf(document.activeElement as HTMLElement);
    stops[Math.min(Math.max(here + step, 0), stops.length - 1)]?.focus();
  };
  const onEnter = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== "Enter" || isComposing(event)) return;
    event.preventDefault();
    if (found[0] && (wanted || !bySlash)) onPick(found[0]);
    else if (bySlash) onWrite(`/${query}`);
  };

  return (
    <section ref={list} aria-label={t("prompts")} className="p-2" onKeyDown={onKeyDown}>
      {(bySlash || (prompts && prompts.length > 0)) && (
        <input
          type="search"
          // Whoever came by a key goes on by keys.
          // biome-ignore lint/a11y/noAutofocus: see above.
          autoFocus={bySlash}
          data-focus={bySlash ? "prompts" : undefined}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={onEnter}
          aria-label={t("search")}
          placeholder={t("search")}
          className={FIELD}
          data-testid="prompt-search"
        />
      )}
      <ul className="-mx-1 mt-1 max-h-48 overflow-y-auto">
        {found.map((prompt) => (
          <PromptItem
            key={prompt.id}
            prompt={prompt}
            onPick={() => onPick(prompt)}
            onEdit={() => onEdit(prompt)}
            onDelete={() => remove.mutate(prompt.id, { onSuccess: onGone })}
          />
        ))}
      </ul>
      {prompts && found.length === 0 && (
        <p className="py-1.5 text-15 text-soft text-pretty" data-testid="no-prompts">
          {t(prompts.length === 0 ? "none" : "noneFound")}
        </p>
      )}
      {(error ?? remove.error) && (
        <Notice tone="wrong" live>
          {problemText(error ?? remove.error)}
        </Notice>
      )}
      <div className="mt-1 flex flex-wrap gap-1">
        {bySlash && (
          <Button
            kind="quiet"
            className="text-13"
            data-prompt=""
            data-testid="write-slash"
            onClick={() => onWrite(`/${query}`)}
          >
            {t("writeItself", { text: `/${query}` })}
          </Button>
        )}
        <Button
          className="text-13"
          data-testid="prompt-new"
          onClick={() => onEdit({ name: "", text: written.trim() })}
        >
          {t(written.trim() ? "saveWritten" : "new")}
        </Button>
      </div>
    </section>
  );
}
