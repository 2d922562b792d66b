import { Followed, useFollowed } from "./followed";
import { readSetting, writeSetting } from "./settings";
import { signedInAs } from "./whoIsHere";

/** What the reader may set of the page: kept in this browser, and with an account the same in every browser. */
export const CHOICES = [
  "theme",
  "language",
  "keys",
  "guess",
  "since",
  "rail",
  "linkedScroll",
  "preset",
] as const;
export type Choice = (typeof CHOICES)[number];

const UNSENT = "unsent";

const stored = () =>
  Object.fromEntries(CHOICES.map((choice) => [choice, readSetting(choice)])) as Record<Choice, string | null>;

/** Held here as well: where storage is refused, what is set holds until the page is left. */
export const chosen = new Followed(stored());

window.addEventListener("storage", () => {
  // How a window is arranged is left alone by what another one does.
  const { rail, linkedScroll } = chosen.value;
  const next = { ...stored(), rail, linkedScroll };
  if (CHOICES.some((choice) => next[choice] !== chosen.value[choice])) chosen.value = next;
});

export const readChoice = (choice: Choice): string | null => chosen.value[choice];

export const useChoice = (choice: Choice): string | null => useFollowed(chosen, (all) => all[choice]);

/** Sets something here, and for the account, if there is one. */
export function choose(choice: Choice, value: string | null): void {
  put(choice, value);
  if (signedInAs() === null) return;
  noteUnsent(choice);
  carry();
}

/** Sets something here alone. */
export function put(choice: Choice, value: string | null): void {
  writeSetting(choice, value);
  chosen.value = { ...chosen.value, [choice]: value };
}

/** Brings this browser and the account together, if there is one; what fails is done the next time. */
export function carry(): void {
  if (signedInAs() === null) return;
  import("./accountPreferences").then(
    ({ bringTogether }) => bringTogether(),
    () => {},
  );
}

const unsentHere = new Set<string>();

/** What the account has not been told yet, also from before this page was opened. */
export function unsent(): Choice[] {
  const noted: string[] = JSON.parse(readSetting(UNSENT) ?? "[]");
  return CHOICES.filter((choice) => unsentHere.has(choice) || noted.includes(choice));
}

export function noteUnsent(choice: Choice): void {
  unsentHere.add(choice);
  writeSetting(UNSENT, JSON.stringify(unsent()));
}

export function noteSent(choices: Choice[]): void {
  for (const choice of choices) unsentHere.delete(choice);
  const left = unsent().filter((choice) => !choices.includes(choice));
  writeSetting(UNSENT, left.length > 0 ? JSON.stringify(left) : null);
}
