// @vitest-environment happy-dom
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useSearchText } from "./useSearchText";

describe("the text of a search", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const begun = (query: string) => {
    const search = vi.fn();
    const hook = renderHook((props) => useSearchText(props.query, search), { initialProps: { query } });
    const type = (text: string) => {
      act(() => hook.result.current.setTyped(text));
      act(() => vi.runAllTimers());
    };
    return { ...hook, search, type };
  };

  it("goes where the query is changed elsewhere, and is looked for again when typed anew", () => {
    const { result, rerender, search, type } = begun("moon");
    rerender({ query: "" });
    act(() => vi.runAllTimers());
    expect(result.current.typed).toBe("");
    expect(search).not.toHaveBeenCalled();
    type("moon");
    expect(search).toHaveBeenCalledExactlyOnceWith("moon");
  });

  it("stays where its own query comes back when one has typed on", () => {
    const { result, rerender, search, type } = begun("");
    type("mo");
    type("moon");
    rerender({ query: "mo" });
    rerender({ query: "moon" });
    expect(result.current.typed).toBe("moon");
    expect(search.mock.calls).toEqual([["mo"], ["moon"]]);
  });

  it("keeps the spaces that are typed between words", () => {
    const { result, rerender, type } = begun("");
    type("the ");
    rerender({ query: "the" });
    expect(result.current.typed).toBe("the ");
  });
});
