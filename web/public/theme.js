// Runs before the first paint, so that a dark page never flashes light. A file, because the page's
// content security policy allows no inline scripts.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("evenhand.theme");
  } catch {
    // Storage may be refused; the system's theme is then used.
  }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = choice === "dark" || choice === "light" ? choice : system;
})();
