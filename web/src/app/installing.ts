import { Followed, useFollowed } from "./followed";

/** What Chromium's browsers hand over where the page can be installed. */
interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>;
}

const offered = new Followed<InstallPrompt | null>(null);

/** Keeps the browser's offer to install the page, which may come at any time, for when the reader wants it. */
export function keepInstallOffer(): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    // Else it comes up by itself on telephones, whatever one is reading.
    event.preventDefault();
    offered.value = event as InstallPrompt;
  });
  window.addEventListener("appinstalled", () => {
    offered.value = null;
  });
}

/** Whether the browser offers to install the page. */
export const useInstallOffer = (): boolean => useFollowed(offered, (offer) => offer !== null);

/** Takes the offer; it can be taken once. */
export function install(): void {
  void offered.value?.prompt();
  offered.value = null;
}
