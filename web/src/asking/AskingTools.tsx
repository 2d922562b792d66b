import { type ComponentProps, useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { loadTexts } from "../i18n";
import { classes } from "../ui/classes";
import { Fetched } from "../ui/Fetched";
import { useLate } from "../ui/useLate";
import { usePreset } from "./preset";

export interface AskingToolsProps {
  text: string;
  onText: (text: string) => void;
  /** Whether the key `/` asked for the prompts. */
  bySlash: boolean;
  onClose: () => void;
}

const SLASH = "/";

async function loadPanel() {
  const [panel] = await Promise.all([import("./AskingPanel"), loadTexts("asking")]);
  return panel.default;
}

/** Fetches the panel before somebody asks for it. */
export function prepareTools(): void {
  // Where it cannot be had, whoever opens it asks for it again.
  loadPanel().catch(() => {});
}

/** Beside the input: what is wanted of the answers, and one's own prompts. */
export function AskingTools(props: AskingToolsProps) {
  const { late, fetchControl, near, press } = useLate(loadPanel);
  const { bySlash } = props;
  // Nobody's key is lost: it stands in the input until the panel has come, and stays where one has written on.
  const openBySlash = useEffectEvent(async () => {
    if (late) return;
    props.onText(SLASH);
    if (await fetchControl()) props.onText("");
    else props.onClose();
  });
  useEffect(() => {
    if (bySlash) void openBySlash();
  }, [bySlash]);
  const button = <AskingButton {...near} aria-haspopup="dialog" aria-expanded={false} onClick={press} />;
  if (!late) return button;
  return (
    <Fetched instead={button}>
      <late.Control {...props} press={late.press} />
    </Fetched>
  );
}

/** The button that opens the panel. */
export function AskingButton(props: ComponentProps<"button">) {
  const { t } = useTranslation();
  const wanted = usePreset() !== undefined;
  return (
    <button
      type="button"
      {...props}
      data-testid="asking-tools"
      aria-label={t(wanted ? "composer.toolsChosen" : "composer.tools")}
      title={t(wanted ? "composer.toolsChosen" : "composer.tools")}
      className={classes(
        "flex size-11 shrink-0 items-center justify-center rounded-control transition-colors hover:bg-ink/5 data-[state=open]:bg-ink/5",
        wanted ? "text-clay" : "text-soft",
      )}
    >
      <svg
        aria-hidden="true"
        width="20"
        height="20"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
      >
        <path d="M4 8h9M19 8h1M4 16h1M11 16h9" />
        <circle cx="16" cy="8" r="2.5" fill={wanted ? "currentColor" : "none"} />
        <circle cx="8" cy="16" r="2.5" fill={wanted ? "currentColor" : "none"} />
      </svg>
    </button>
  );
}
