import { Popover, Tabs } from "radix-ui";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFocusNext } from "../history/useFocusNext";
import { usePress } from "../ui/useLate";
import { AskingButton, type AskingToolsProps } from "./AskingTools";
import { chosen, USUAL } from "./choices";
import type { PromptDraft, SavedPrompt } from "./endpoints";
import { PlaceholderForm } from "./PlaceholderForm";
import { PresetFields } from "./PresetFields";
import { PromptForm } from "./PromptForm";
import { PromptList } from "./PromptList";
import { placeholdersOf } from "./placeholders";
import { usePreset, writePreset } from "./preset";
import { usePromptChanges } from "./usePrompts";

interface AskingPanelProps extends AskingToolsProps {
  press?: Event;
}

type View =
  | { kind: "all" }
  | { kind: "form" | "fill"; prompt: SavedPrompt }
  | { kind: "form"; prompt: PromptDraft };

type Tab = "form" | "prompts";

const TABS: Tab[] = ["form", "prompts"];
const ALL: View = { kind: "all" };

/** What is wanted of the answers, and one's own prompts, with the button that opens it. */
export default function AskingPanel({ text, onText, bySlash, onClose, press }: AskingPanelProps) {
  const { t } = useTranslation(["asking", "page"]);
  const [opened, setOpened] = useState(false);
  const [view, setView] = useState<View>(ALL);
  const preset = usePreset() ?? USUAL;
  const [tab, setTab] = useState<Tab>("form");
  const { change } = usePromptChanges();
  const button = useRef<HTMLButtonElement>(null);
  usePress(button, press);
  const input = () => button.current?.parentElement?.querySelector("textarea");
  const goesToInput = useRef(false);
  const open = opened || bySlash;
  const panel = useRef<HTMLDivElement>(null);
  const focusNext = useFocusNext(panel);

  const setOpen = (next: boolean) => {
    setOpened(next);
    if (!next) {
      goesToInput.current ||= bySlash;
      setView(ALL);
      onClose();
    }
  };
  const showAll = () => {
    setView(ALL);
    focusNext("prompts");
  };
  const insert = (added: string) => {
    const [from, to] = [input()?.selectionStart ?? text.length, input()?.selectionEnd ?? text.length];
    onText(text.slice(0, from) + added + text.slice(to));
    goesToInput.current = true;
    setOpen(false);
  };
  const use = ({ id }: SavedPrompt, words: string) => {
    change.mutate({ id, used: true });
    insert(words);
  };
  const pick = (prompt: SavedPrompt) =>
    placeholdersOf(prompt.text).length > 0 ? setView({ kind: "fill", prompt }) : use(prompt, prompt.text);

  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger ref={button} asChild>
        <AskingButton />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          ref={panel}
          aria-label={t("page:composer.tools")}
          side="top"
          align="end"
          sideOffset={8}
          collisionPadding={12}
          data-testid="asking-panel"
          onEscapeKeyDown={(event) => {
            if (view.kind === "all" && !event.isComposing) return;
            event.preventDefault();
            if (!event.isComposing) showAll();
          }}
          onOpenAutoFocus={(event) => {
            if (bySlash) event.preventDefault(); // its search has the focus
          }}
          onCloseAutoFocus={(event) => {
            if (goesToInput.current) input()?.focus();
            goesToInput.current = false;
            // Not back to the button from where somebody has gone on to in the meantime.
            if (document.activeElement !== document.body) event.preventDefault();
          }}
          className="z-50 max-h-(--radix-popover-content-available-height) w-[min(24rem,calc(100vw-1.5rem))] overflow-y-auto rounded-card border border-line bg-raised p-1 shadow-soft"
        >
          {view.kind === "form" && <PromptForm prompt={view.prompt} onEnd={showAll} />}
          {view.kind === "fill" && (
            <PlaceholderForm
              prompt={view.prompt}
              onFilled={(words) => use(view.prompt, words)}
              onCancel={showAll}
            />
          )}
          {view.kind === "all" && (
            <Tabs.Root value={bySlash ? "prompts" : tab} onValueChange={(next) => setTab(next as Tab)}>
              {!bySlash && (
                <Tabs.List aria-label={t("page:composer.tools")} className="flex gap-1 p-1">
                  {TABS.map((one) => (
                    <Tabs.Trigger
                      key={one}
                      value={one}
                      data-testid={`tab-${one}`}
                      data-focus={one}
                      className="min-h-9 flex-1 rounded-control px-2 text-15 text-soft transition-colors hover:text-ink data-[state=active]:bg-ink/7 data-[state=active]:font-medium data-[state=active]:text-ink"
                    >
                      {t(one)}
                    </Tabs.Trigger>
                  ))}
                </Tabs.List>
              )}
              {/* As high as the higher of the two: the panel stays where it is when its tab changes. */}
              <div className="grid *:col-start-1 *:row-start-1">
                {!bySlash && (
                  <Tabs.Content
                    value="form"
                    tabIndex={-1}
                    forceMount
                    className="data-[state=inactive]:invisible"
                  >
                    <PresetFields preset={preset} onChange={(next) => writePreset(chosen(next))} />
                  </Tabs.Content>
                )}
                <Tabs.Content value="prompts" tabIndex={-1}>
                  <PromptList
                    written={text}
                    bySlash={bySlash}
                    onPick={pick}
                    onEdit={(prompt) => setView({ kind: "form", prompt })}
                    onWrite={insert}
                    onGone={() => panel.current?.querySelector<HTMLElement>("[data-focus=prompts]")?.focus()}
                  />
                </Tabs.Content>
              </div>
            </Tabs.Root>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
