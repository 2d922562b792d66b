// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";
import type { Me } from "../api/types";

const DRAFT = "evenhand.draft.new";
const ann = { kind: "voter", id: "ann" } as Me;
const bob = { kind: "voter", id: "bob" } as Me;
const guest = { kind: "guest", id: "guest" } as Me;
const stranger = { kind: "stranger", id: null } as Me;

const reload = vi.fn();
const replace = vi.fn();

beforeEach(() => {
  localStorage.clear();
  reload.mockReset();
  replace.mockReset();
  vi.spyOn(window.location, "reload").mockImplementation(reload);
  vi.spyOn(window.location, "replace").mockImplementation(replace);
  window.history.replaceState(null, "", "/");
});

/** A page of this browser that was just opened, and heard who is here. */
async function opened(me: Me) {
  vi.resetModules();
  const tab = await import("./whoIsHere");
  tab.noteWhoIsHere(me);
  return tab;
}

/** What a tab hears when another one wrote down who is here now. */
function tellFromElsewhere(account: string | null) {
  if (account === null) localStorage.removeItem("evenhand.account");
  else localStorage.setItem("evenhand.account", account);
  window.dispatchEvent(new Event("storage"));
}

it.each([ann, guest, stranger])("a page that opens for a $kind stays", async (me) => {
  await opened(me);
  await opened(me);
  expect(reload).not.toHaveBeenCalled();
});

it.each([
  ["signed out while it is open", ann, stranger],
  ["changed to another account", ann, bob],
  ["signed in", guest, ann],
])("a page starts over once when it is %s", async (_, before, after) => {
  const tab = await opened(before);
  tab.noteWhoIsHere(after);
  tab.noteWhoIsHere(before); // an answer that was late
  expect(reload).toHaveBeenCalledOnce();
});

it("a browser that was signed out from elsewhere forgets what was being written at its next start", async () => {
  await opened(ann);
  localStorage.setItem(DRAFT, "Half a thought");
  await opened(guest);
  expect(localStorage.getItem(DRAFT)).toBeNull();
  expect(reload).toHaveBeenCalledOnce();
  await opened(guest);
  expect(reload).toHaveBeenCalledOnce();
});

it("what a guest was writing stays when they sign in", async () => {
  const tab = await opened(guest);
  localStorage.setItem(DRAFT, "Half a thought");
  tab.noteWhoIsHere(ann);
  expect(localStorage.getItem(DRAFT)).toBe("Half a thought");
});

it("after signing out here other tabs start over and forget what was written in them since", async () => {
  const tab = await opened(ann);
  tab.followOtherTabs();
  localStorage.setItem(DRAFT, "Half a thought");
  tellFromElsewhere(null);
  expect(reload).toHaveBeenCalledOnce();
  expect(localStorage.getItem(DRAFT)).toBeNull();
  tab.noteWhoIsHere(ann);
  expect(localStorage.getItem("evenhand.account")).toBeNull();
});

it("signing out tells other tabs, forgets what was being written and goes to the first page", async () => {
  const tab = await opened(ann);
  localStorage.setItem(DRAFT, "Half a thought");
  tab.leaveAccount();
  expect(localStorage.length).toBe(0);
  expect(replace).toHaveBeenCalledExactlyOnceWith("/");
});

it("a tab that waits for a link goes on once another one has used it", async () => {
  window.history.replaceState(null, "", "/sign-in?next=%2Fboards%2Ftext");
  const tab = await opened(guest);
  tab.followOtherTabs();
  tellFromElsewhere("ann");
  expect(replace).toHaveBeenCalledExactlyOnceWith("/boards/text");
});
