const isShown = (control: HTMLElement) => control.checkVisibility?.() ?? true;

const isOff = (control: HTMLElement) => control.matches(":disabled, [aria-disabled=true]");

function shown(key: string): HTMLElement[] {
  const found = [...document.querySelectorAll<HTMLElement>(`[aria-keyshortcuts="${CSS.escape(key)}"]`)];
  return found.filter(isShown);
}

/** Whether a control of the page has this key, even one that waits for something. */
export const hasControl = (key: string): boolean => shown(key).length > 0;

/** The control that has this key and can be used now; one of the page itself before one of the menu beside it. */
export function controlOf(key: string): HTMLElement | undefined {
  const usable = shown(key).filter((control) => !isOff(control));
  return usable.find((control) => control.closest("main")) ?? usable[0];
}

/** Does what its key is for: goes into a field, presses anything else. */
export function press(control: HTMLElement): void {
  if (control.matches("input, textarea")) control.focus();
  else control.click();
}
