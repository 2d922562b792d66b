import { useSyncExternalStore } from "react";

/** What Chromium's browsers hand over where the page can be installed. */
interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>;
}

let offered: InstallPrompt | null = null;
const listeners = new Set<() => void>();

function change(next: InstallPrompt | null): void {
  offered = next;
  for (const heard of listeners) heard();
}

/** Keeps the browser's offer to install the page, which may come at any time, for when the reader wants it. */
export function keepInstallOffer(): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    // Else it comes up by itself on telephones, whatever one is reading.
    event.preventDefault();
    change(event as InstallPrompt);
  });
  window.addEventListener("appinstalled", () => change(null));
}

function follow(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** Whether the browser offers to install the page. */
export const useInstallOffer = (): boolean => useSyncExternalStore(follow, () => offered !== null);

/** Takes the offer; it can be taken once. */
export function install(): void {
  void offered?.prompt();
  change(null);
}
