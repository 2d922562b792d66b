// Apart from the first page, which does without it: nobody is signed in there who comes for the first time.
import { answerOf, api } from "../api/client";
import type { components } from "../api/schema";
import { USUAL, chosen as unlessUsual } from "../asking/choices";
import { CHOICES, type Choice, noteSent, noteUnsent, put, readChoice, unsent } from "./chosen";
import { isTemporary } from "./query";
import { signedInAs } from "./whoIsHere";

type Settings = components["schemas"]["Preferences"];

/** A setting as the account has it, and as the browser keeps it, where nothing is what is usual. */
interface Form<Name extends keyof Settings> {
  name: Name;
  there: (kept: string | null) => NonNullable<Settings[Name]>;
  here: (set: NonNullable<Settings[Name]>) => string | null;
}

type AnyForm = { [Name in keyof Settings]: Form<Name> }[keyof Settings];

const form = <Name extends keyof Settings>(
  name: Name,
  there: Form<Name>["there"],
  here: Form<Name>["here"],
): Form<Name> => ({ name, there, here });

const ofSwitch = (
  name: "single_keys" | "guess_first" | "since_you_left" | "rail" | "linked_scroll",
  usual: boolean,
) =>
  form(
    name,
    (kept) => (kept === null ? usual : kept === "1"),
    (on) => (on ? "1" : "0"),
  );

const FORMS = {
  theme: form(
    "theme",
    (kept) => (kept ?? "system") as NonNullable<Settings["theme"]>,
    (theme) => (theme === "system" ? null : theme),
  ),
  language: form(
    "language",
    (kept) => kept as NonNullable<Settings["language"]>,
    (language) => language,
  ),
  keys: ofSwitch("single_keys", true),
  guess: ofSwitch("guess_first", false),
  since: ofSwitch("since_you_left", true),
  rail: ofSwitch("rail", true),
  linkedScroll: ofSwitch("linked_scroll", false),
  preset: form(
    "preset",
    (kept) => (kept === null ? USUAL : JSON.parse(kept)),
    (preset) => {
      const wanted = unlessUsual({ ...USUAL, ...preset });
      return wanted ? JSON.stringify(wanted) : null;
    },
  ),
} satisfies Record<Choice, AnyForm>;

let known: string | null = null;
let last = Promise.resolve();

/**
 * Takes over what the account has, the first time, and tells it what it has not. One after the other: what is set
 * while something is on its way goes together after it, and an answer that is old by then undoes nothing.
 */
export function bringTogether(): void {
  last = last.then(once).catch(() => {}); // at the next call
}

async function once(): Promise<void> {
  const account = signedInAs();
  if (account === null) return;
  if (known !== account) {
    const theirs = await answerOf(api.GET("/api/v1/preferences"));
    if (signedInAs() !== account) return;
    takeOver(theirs);
    known = account;
  }
  await send();
}

/** What was set here and not sent yet is newer than what the account has; else the account's holds. */
function takeOver(theirs: Settings): void {
  const newer = unsent();
  for (const choice of CHOICES) {
    if (newer.includes(choice)) continue;
    const { name, here } = FORMS[choice] as Form<keyof Settings>;
    const set = theirs[name];
    const present = readChoice(choice);
    if (set !== null) {
      if (here(set) !== present) put(choice, here(set));
    } else if (present !== null) noteUnsent(choice);
  }
}

async function send(): Promise<void> {
  const sent = unsent().map((choice) => [choice, readChoice(choice)] as const);
  if (sent.length === 0) return;
  const body = Object.fromEntries(
    sent.map(([choice, kept]) => [FORMS[choice].name, FORMS[choice].there(kept)]),
  );
  try {
    await answerOf(api.PATCH("/api/v1/preferences", { body, keepalive: true }));
  } catch (error) {
    if (isTemporary(error)) throw error;
    // What is refused now is refused ever after.
  }
  noteSent(sent.filter(([choice, kept]) => readChoice(choice) === kept).map(([choice]) => choice));
}
