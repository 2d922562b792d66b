// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { StrictMode, useRef, useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { useLate, useLateMenu, usePress } from "./useLate";

afterEach(cleanup);

interface ControlProps {
  press?: Event;
}

/** Like the real ones: opens and closes by the press of a mouse, by Enter, or by a click. */
function Control({ press }: ControlProps) {
  const button = useRef<HTMLButtonElement>(null);
  usePress(button, press);
  const [open, setOpen] = useState(false);
  const toggle = () => setOpen((was) => !was);
  return (
    <button
      type="button"
      ref={button}
      aria-expanded={open}
      onClick={toggle}
      onPointerDown={toggle}
      onKeyDown={({ key }) => key === "Enter" && toggle()}
    />
  );
}

function fetched() {
  let resolve: (control: typeof Control) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<typeof Control>((...both) => {
    [resolve, reject] = both;
  });
  return {
    load: vi.fn(() => promise),
    comes: () => act(async () => resolve(Control)),
    fails: () => act(async () => reject(new Error("no network"))),
  };
}

function Menu({ load }: { load: () => Promise<typeof Control> }) {
  const { late, button } = useLateMenu(load);
  return late ? <late.Control press={late.press} /> : <button type="button" {...button} />;
}

function Panel({ load }: { load: () => Promise<typeof Control> }) {
  const { late, near, press } = useLate(load);
  return late ? (
    <late.Control press={late.press} />
  ) : (
    <button type="button" {...near} aria-expanded={false} onClick={press} />
  );
}

const repeat = (key: string) => fireEvent.keyDown(screen.getByRole("button"), { key, repeat: true });
const isOpen = () => screen.getByRole("button").getAttribute("aria-expanded") === "true";

describe("a menu that is fetched late", () => {
  it("is not fetched before somebody comes near", () => {
    const { load } = fetched();
    render(<Menu load={load} />);
    expect(load).not.toHaveBeenCalled();
    fireEvent.focus(screen.getByRole("button"));
    expect(load).toHaveBeenCalled();
  });

  it("does not take the focus from its button by having come", async () => {
    const { load, comes } = fetched();
    render(<Menu load={load} />);
    const button = screen.getByRole("button");
    act(() => button.focus());
    await comes();
    expect(document.activeElement).toBe(button);
  });

  it.each([
    ["by the press of a mouse", (button: Element) => fireEvent.pointerDown(button, { button: 0 })],
    ["by Enter", (button: Element) => fireEvent.keyDown(button, { key: "Enter" })],
  ])("opens %s, once", async (_, press) => {
    const { load, comes } = fetched();
    // Where effects run twice, a second press would close it.
    render(<Menu load={load} />, { wrapper: StrictMode });
    press(screen.getByRole("button"));
    expect(isOpen()).toBe(false);
    await comes();
    expect(isOpen()).toBe(true);
  });

  it.each([
    ["the other button of a mouse", (button: Element) => fireEvent.pointerDown(button, { button: 2 })],
    ["Tab", (button: Element) => fireEvent.keyDown(button, { key: "Tab" })],
  ])("does not open by %s", async (_, press) => {
    const { load, comes } = fetched();
    render(<Menu load={load} />);
    press(screen.getByRole("button"));
    await comes();
    expect(isOpen()).toBe(false);
  });

  it.each([
    ["until it has come", "comes"],
    ["until it has failed to come", "fails"],
  ] as const)("says that it is on its way %s", async (_, ends) => {
    const fetching = fetched();
    render(<Menu load={fetching.load} />);
    const isBusy = () => screen.getByRole("button").getAttribute("aria-busy") === "true";
    fireEvent.focus(screen.getByRole("button"));
    expect(isBusy()).toBe(false);
    fireEvent.keyDown(screen.getByRole("button"), { key: "Enter" });
    expect(isBusy()).toBe(true);
    await fetching[ends]();
    expect(isBusy()).toBe(false);
  });

  it("does not open over somebody who has gone on", async () => {
    const { load, comes } = fetched();
    render(
      <>
        <Menu load={load} />
        <input />
      </>,
    );
    fireEvent.pointerDown(screen.getByRole("button"), { button: 0 });
    act(() => screen.getByRole("textbox").focus());
    await comes();
    expect(isOpen()).toBe(false);
  });

  it("does not open after Escape", async () => {
    const { load, comes } = fetched();
    render(<Menu load={load} />);
    fireEvent.keyDown(screen.getByRole("button"), { key: "Enter" });
    fireEvent.keyDown(screen.getByRole("button"), { key: "Escape" });
    await comes();
    expect(isOpen()).toBe(false);
  });

  it.each([
    ["a second press", () => fireEvent.pointerDown(screen.getByRole("button"), { button: 0 })],
    ["a key that is held down", () => repeat("Enter")],
  ])("opens once by %s", async (_, again) => {
    const { load, comes } = fetched();
    render(<Menu load={load} />);
    fireEvent.keyDown(screen.getByRole("button"), { key: "Enter" });
    again();
    await comes();
    expect(isOpen()).toBe(true);
  });

  it("leaves it to another that was pressed after it", async () => {
    const { load, comes } = fetched();
    render(
      <>
        <Menu load={load} />
        <Menu load={load} />
      </>,
    );
    for (const button of screen.getAllByRole("button")) fireEvent.pointerDown(button, { button: 0 });
    await comes();
    const open = screen.getAllByRole("button").map((button) => button.getAttribute("aria-expanded"));
    expect(open).toEqual(["false", "true"]);
  });

  it("is fetched anew by the next press where it did not come", async () => {
    const first = fetched();
    const second = fetched();
    const { rerender } = render(<Menu load={first.load} />);
    fireEvent.pointerDown(screen.getByRole("button"), { button: 0 });
    await first.fails();
    rerender(<Menu load={second.load} />);
    fireEvent.pointerDown(screen.getByRole("button"), { button: 0 });
    await second.comes();
    expect(isOpen()).toBe(true);
  });
});

describe("a panel that is fetched late", () => {
  it("opens by the click that it was fetched for", async () => {
    const { load, comes } = fetched();
    render(<Panel load={load} />);
    fireEvent.click(screen.getByRole("button"));
    await comes();
    expect(isOpen()).toBe(true);
  });
});
