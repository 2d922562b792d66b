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
  const theme = choice === "dark" || choice === "light" ? choice : system;
  document.documentElement.dataset.theme = theme;
  // The bar of an installed page's window.
  document.querySelector("meta[name=theme-color]").content = theme === "dark" ? "#15120f" : "#faf7f2";
})();
