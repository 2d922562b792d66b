import { QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { queryClient } from "./query";

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
