// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";
import type { Me } from "../api/types";

const { GET, PATCH } = vi.hoisted(() => ({ GET: vi.fn(), PATCH: vi.fn() }));
vi.mock("../api/client", () => ({ api: { GET, PATCH }, answerOf: (answer: unknown) => answer }));

const ann = { kind: "voter", id: "ann" } as Me;
const guest = { kind: "guest", id: "guest" } as Me;
const NOTHING = {
  theme: null,
  language: null,
  single_keys: null,
  guess_first: null,
  since_you_left: null,
  rail: null,
  linked_scroll: null,
  preset: null,
};
const SHORT = { length: "short", tone: "usual", language: null };

/** An answer that says so; of the page that is open, which has a class of its own for it. */
const problem = (code: string) => async () => {
  const { Problem } = await import("../api/problem");
  throw new Problem({ code });
};

beforeEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
  GET.mockReset().mockResolvedValue(NOTHING);
  PATCH.mockReset().mockResolvedValue(undefined);
});

/** A page of this browser that was just opened, and heard who is here. */
async function opened(me: Me) {
  vi.resetModules();
  const { noteWhoIsHere } = await import("./whoIsHere");
  const page = await import("./chosen");
  await import("./accountPreferences"); // so that what is sent is sent within a few promises
  noteWhoIsHere(me);
  page.carry();
  await settled();
  return page;
}

/** What follows from what was done has happened, but for what an answer is waited for. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

const sent = () => PATCH.mock.calls.map(([, { body }]) => body);

/** An answer that is on its way, and what lets it arrive. */
function onItsWay<Answer>() {
  let arrive: (answer: Answer) => void = () => {};
  const answer = new Promise<Answer>((resolve) => {
    arrive = resolve;
  });
  return { answer, arrive };
}

it("asks and tells nothing while nobody is signed in", async () => {
  const page = await opened(guest);
  page.choose("theme", "dark");
  await settled();
  expect([GET.mock.calls, PATCH.mock.calls]).toEqual([[], []]);
  expect(localStorage.getItem("evenhand.theme")).toBe("dark");
});

it("takes over what the account has, and tells it what only this browser has", async () => {
  localStorage.setItem("evenhand.theme", "dark");
  localStorage.setItem("evenhand.guess", "1");
  localStorage.setItem("evenhand.preset", JSON.stringify(SHORT));
  GET.mockResolvedValue({ ...NOTHING, theme: "light", single_keys: false });
  const page = await opened(ann);
  expect(page.readChoice("theme")).toBe("light");
  expect(page.readChoice("keys")).toBe("0");
  expect(sent()).toEqual([{ guess_first: true, preset: SHORT }]);
});

it("knows that something was set back to what is usual from what was never chosen", async () => {
  localStorage.setItem("evenhand.theme", "dark");
  localStorage.setItem("evenhand.preset", JSON.stringify(SHORT));
  GET.mockResolvedValue({ ...NOTHING, theme: "system", preset: { length: "usual" } });
  const page = await opened(ann);
  expect([page.readChoice("theme"), page.readChoice("preset")]).toEqual([null, null]);
  page.choose("theme", "light");
  page.choose("theme", null);
  await settled();
  expect(sent().at(-1)).toEqual({ theme: "system" });
});

it("sends together what is set while something is on its way", async () => {
  const page = await opened(ann);
  const first = onItsWay<undefined>();
  PATCH.mockReturnValueOnce(first.answer);
  page.choose("theme", "dark");
  await settled();
  page.choose("theme", "light");
  page.choose("keys", "0");
  await settled();
  expect(sent()).toEqual([{ theme: "dark" }]);
  first.arrive(undefined);
  await settled();
  expect(sent()).toEqual([{ theme: "dark" }, { theme: "light", single_keys: false }]);
  expect(page.unsent()).toEqual([]);
});

it("does not undo what is set while the account's settings are on their way", async () => {
  const theirs = onItsWay<typeof NOTHING>();
  GET.mockReturnValue(theirs.answer);
  const page = await opened(ann);
  page.choose("theme", "dark");
  theirs.arrive(Object.assign({ ...NOTHING }, { theme: "light" }));
  await settled();
  expect(page.readChoice("theme")).toBe("dark");
  expect(sent()).toEqual([{ theme: "dark" }]);
});

it("sends again what could not be sent, also from a page that is opened later", async () => {
  const page = await opened(ann);
  PATCH.mockImplementationOnce(problem("unreachable"));
  page.choose("theme", "dark");
  await settled();
  page.choose("keys", "0");
  await settled();
  expect(sent().at(-1)).toEqual({ theme: "dark", single_keys: false });

  PATCH.mockImplementationOnce(problem("unreachable"));
  page.choose("theme", "light");
  await settled();
  PATCH.mockClear();
  GET.mockResolvedValue({ ...NOTHING, theme: "dark", single_keys: false });
  const later = await opened(ann);
  expect(later.readChoice("theme")).toBe("light");
  expect(sent()).toEqual([{ theme: "light" }]);
  expect(later.unsent()).toEqual([]);
});

it("does not go on sending what is refused", async () => {
  const page = await opened(ann);
  PATCH.mockImplementationOnce(problem("invalid_request"));
  page.choose("theme", "dark");
  await settled();
  page.carry();
  await settled();
  expect(PATCH).toHaveBeenCalledOnce();
});

it("reads the account's settings the next time where it could not", async () => {
  GET.mockImplementationOnce(problem("unreachable")).mockResolvedValue({ ...NOTHING, theme: "dark" });
  const page = await opened(ann);
  page.carry();
  await settled();
  expect(page.readChoice("theme")).toBe("dark");
  page.carry();
  await settled();
  expect(GET).toHaveBeenCalledTimes(2);
});

it("holds and sends what is set where the browser keeps nothing", async () => {
  const refuse = () => {
    throw new DOMException("refused", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse, removeItem: refuse });
  const page = await opened(ann);
  page.choose("theme", "dark");
  await settled();
  expect(page.readChoice("theme")).toBe("dark");
  expect(sent()).toEqual([{ theme: "dark" }]);
});
