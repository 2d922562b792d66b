// @vitest-environment happy-dom
import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { switchKeys } from "../app/keys";
import { useShortcuts } from "./useShortcuts";

const navigate = vi.fn();
vi.mock("@tanstack/react-router", () => ({
  useRouter: () => ({ navigate, state: { location: { pathname: "/boards" } } }),
}));

const list = vi.fn();
const pressed = vi.fn();

function Page() {
  useShortcuts(list);
  return (
    <main>
      <button type="button" aria-keyshortcuts="1" onClick={() => pressed("1")} />
      <button type="button" aria-keyshortcuts="2" aria-disabled="true" onClick={() => pressed("2")} />
      <button type="button" aria-keyshortcuts="3" disabled onClick={() => pressed("3")} />
      <button type="button" aria-keyshortcuts="Escape" onClick={() => pressed("Escape")} />
      <textarea aria-keyshortcuts="/" data-testid="field" />
      <div role="menu">
        <span data-testid="menu" />
      </div>
    </main>
  );
}

const draw = () => render(<Page />);
const key = (name: string, on: Element = document.body, more = {}) =>
  fireEvent.keyDown(on, { key: name, ...more });

beforeEach(() => {
  vi.clearAllMocks();
  switchKeys(true);
});
afterEach(cleanup);

describe("a key", () => {
  it("presses the control that names it, and goes into a field that does", () => {
    const { getByTestId } = draw();
    key("1");
    expect(pressed).toHaveBeenCalledExactlyOnceWith("1");
    // Prevented, else the sign would be written into the field.
    expect(key("/")).toBe(false);
    expect(document.activeElement).toBe(getByTestId("field"));
  });

  it("does nothing where its control waits for something", () => {
    draw();
    key("2");
    key("3");
    expect(pressed).not.toHaveBeenCalled();
  });

  it("is text in a field, and a menu's in a menu", () => {
    const { getByTestId } = draw();
    key("1", getByTestId("field"));
    key("Escape", getByTestId("field"));
    key("1", getByTestId("menu"));
    expect(pressed).not.toHaveBeenCalled();
  });

  it.each([
    ["with Control", { ctrlKey: true }],
    ["with Command", { metaKey: true }],
    ["with Alt", { altKey: true }],
    ["with Shift, when it is a letter", { key: "N", shiftKey: true }],
    ["held down", { repeat: true }],
    ["while an input method puts a word together", { isComposing: true }],
    ["that an input method has taken", { keyCode: 229 }],
  ])("does nothing %s", (_, more) => {
    draw();
    key("1", document.body, more);
    key("n", document.body, more);
    key("?", document.body, more);
    expect(pressed).not.toHaveBeenCalled();
    expect(navigate).not.toHaveBeenCalled();
    if (!("shiftKey" in more)) expect(list).not.toHaveBeenCalled();
  });

  it("works on keyboards that need the shift key for it, and with capitals locked", () => {
    draw();
    key("?", document.body, { shiftKey: true });
    key("N");
    expect(list).toHaveBeenCalledOnce();
    expect(navigate).toHaveBeenCalledExactlyOnceWith({ to: "/" });
  });

  it("that leads elsewhere goes there where its field is not", () => {
    draw();
    key("s");
    expect(navigate).toHaveBeenCalledExactlyOnceWith({ to: "/history" });
  });

  it("by itself does nothing once switched off; Escape still does", () => {
    draw();
    switchKeys(false);
    for (const one of ["1", "/", "n", "s", "?"]) key(one);
    expect([pressed, navigate, list].map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0]);
    key("Escape");
    expect(pressed).toHaveBeenCalledExactlyOnceWith("Escape");
  });
});
