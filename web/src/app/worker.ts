/**
 * Has the browser say that one is offline, in words of ours. Browsers offer this on https and on the machine itself;
 * without it, as on plain http in a home network, the page is what it is.
 */
export function startWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // After the page: it is of use only the next time.
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "none" }).catch(() => {
      // Refused in some private windows: see above.
    });
  });
}
