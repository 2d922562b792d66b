import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "./announce";
import type { IconName } from "./Icon";

interface Copying {
  /** What became of it, for two seconds; it is read out, too. */
  said: string | null;
  icon: IconName;
  /** Whether it is in the clipboard now. */
  copy: (what: string) => Promise<boolean>;
}

/** Copies text. */
export function useCopy(): Copying {
  return useCopying(writeText);
}

/** Copies by `write`, which gives false or throws where it cannot. */
export function useCopying(write: (what: string) => Promise<boolean>): Copying {
  const { t } = useTranslation();
  // An object, so that a second time within the two seconds is one, too.
  const [outcome, setOutcome] = useState<{ copied: boolean } | null>(null);
  const said = outcome && t(outcome.copied ? "answer.copied" : "answer.notCopied");

  useEffect(() => {
    if (!outcome || !said) return;
    announce(said);
    const timer = setTimeout(() => setOutcome(null), 2000);
    return () => {
      clearTimeout(timer);
      announce("");
    };
  }, [outcome, said]);

  const copy = async (what: string) => {
    const copied = await write(what).catch(() => false);
    setOutcome({ copied });
    return copied;
  };
  return { said, icon: outcome ? (outcome.copied ? "check" : "warning") : "copy", copy };
}

async function writeText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard is withheld on plain HTTP, as in a network at home.
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  // A dialog takes the focus back from what is outside it, and nothing would be selected.
  (before?.closest("[role=dialog], [role=menu]") ?? document.body).append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } finally {
    area.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
}
