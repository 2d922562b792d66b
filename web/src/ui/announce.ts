/** Has a screen reader say what the page shows somewhere; a later text takes its place, and an empty one ends it. */
export function announce(text: string): void {
  const said = document.getElementById("announced");
  if (said) said.textContent = text;
}
