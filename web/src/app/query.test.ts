import { QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { Problem } from "../api/problem";
import { queryClient, whileTemporary } from "./query";

test("what a press changes is told before the browser can draw again", async () => {
  const seen: unknown[] = [];
  const box = new QueryObserver<boolean>(queryClient, {
    queryKey: ["box"],
    initialData: false,
    enabled: false,
  });
  const leave = box.subscribe(({ data }) => seen.push(data));
  const frame = new Promise((resolve) => setTimeout(resolve, 0));
  queryClient.setQueryData(["box"], true);
  await Promise.resolve();
  expect(seen).toEqual([true]);
  await frame;
  leave();
});

test.each([
  ["busy", true],
  ["unavailable", true],
  ["not_found", false],
])("what is refused as %s is read again: %s", (code, again) => {
  expect(whileTemporary(0, new Problem({ code, status: 503 }))).toBe(again);
});
