import type { Me } from "../api/types";
import { ownPage } from "./ownPage";
import { forgetReader, readSetting, writeSetting } from "./settings";

// Kept in the browser: other tabs hear of a change, and one that was signed out from elsewhere finds out at its next
// start, before somebody else reads what was being written.
const ACCOUNT = "account";

let known = readSetting(ACCOUNT);
let first = true;
let leaving = false;

/** The account that this browser is signed in to, as far as it knows. */
export const signedInAs = (): string | null => (leaving ? null : known);

/** Loads a page of ours anew, so that nothing is left of who was here before. */
export function startOver(path: string): void {
  leaving = true;
  window.location.replace(ownPage(path));
}

/** Compares what the arena says with what this browser knew. Where somebody left or came, the page starts over. */
export function noteWhoIsHere(me: Me): void {
  if (leaving) return; // this answer may be older than what made the page leave
  const account = me.kind === "voter" ? me.id : null;
  const before = known;
  const stale = !first || before !== null;
  first = false;
  if (account === before) return;
  if (before !== null) forgetReader();
  writeSetting(ACCOUNT, account);
  known = account;
  if (stale) showAnew();
}

/** After signing out: other tabs leave too, and nothing stays that is nobody else's business. */
export function leaveAccount(): void {
  forgetReader();
  writeSetting(ACCOUNT, null);
  startOver("/");
}

/** Starts over when another tab signs in or out, also while this one was put away to be gone back to. */
export function followOtherTabs(): void {
  window.addEventListener("storage", hear);
  window.addEventListener("pageshow", hear);
}

function hear(): void {
  const account = readSetting(ACCOUNT);
  if (leaving || account === known) return;
  if (known !== null) forgetReader(); // this tab may have written since the other one forgot
  known = account;
  showAnew();
}

function showAnew(): void {
  const { pathname, search } = window.location;
  if (known !== null && pathname === "/sign-in") {
    startOver(new URLSearchParams(search).get("next") ?? "/"); // what was waited for here has happened
    return;
  }
  leaving = true;
  window.location.reload();
}
