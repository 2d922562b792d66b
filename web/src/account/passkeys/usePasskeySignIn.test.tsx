// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { usePasskeySignIn } from "./usePasskeySignIn";

const { offersWhileTyping, show } = vi.hoisted(() => ({ offersWhileTyping: vi.fn(), show: vi.fn() }));
vi.mock("./ceremonies", () => ({ offersWhileTyping, show, forget: vi.fn() }));
vi.mock("./api", () => ({ beginSignIn: async () => ({ public_key: {} }), signInWithPasskey: vi.fn() }));

/** What the browser was asked to show, oldest first: whether in the field, and whether it was called off. */
const asked = () =>
  show.mock.calls.map(([, signal, whileTyping]) => ({ whileTyping, off: (signal as AbortSignal).aborted }));

describe("signing in with a passkey", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    show.mockReset().mockReturnValue(new Promise(() => {}));
  });
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });

  const begun = () => {
    const client = new QueryClient();
    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    );
    return renderHook(() => usePasskeySignIn("/", true), { wrapper }).result;
  };
  const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

  it("offers in the field, and anew before what is to be signed is too old", async () => {
    offersWhileTyping.mockResolvedValue(true);
    begun();
    await pass(0);
    expect(asked()).toEqual([{ whileTyping: true, off: false }]);
    await pass(240_000);
    expect(asked()).toEqual([
      { whileTyping: true, off: true },
      { whileTyping: true, off: false },
    ]);
  });

  it("by the button takes the place of what waits in the field, for good", async () => {
    offersWhileTyping.mockResolvedValue(true);
    const signIn = begun();
    await pass(0);
    act(() => signIn.current.start());
    await pass(240_000);
    expect(asked()).toEqual([
      { whileTyping: true, off: true },
      { whileTyping: false, off: false },
    ]);
  });

  it("by the button is not called off when the browser says late that it offers in fields", async () => {
    let say: (offers: boolean) => void = () => {};
    offersWhileTyping.mockReturnValue(new Promise<boolean>((resolve) => (say = resolve)));
    const signIn = begun();
    act(() => signIn.current.start());
    await pass(0);
    say(true);
    await pass(0);
    expect(asked()).toEqual([{ whileTyping: false, off: false }]);
  });

  it("offers nothing in the field while an account is made", async () => {
    offersWhileTyping.mockResolvedValue(true);
    const signIn = begun();
    await pass(0);
    act(() => signIn.current.stop());
    await pass(240_000);
    expect(asked()).toEqual([{ whileTyping: true, off: true }]);
  });
});
