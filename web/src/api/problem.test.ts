import { expect, it } from "vitest";
import { problemFrom } from "./problem";

it("keeps the code and what goes with it", () => {
  const { document } = problemFrom(429, { code: "too_many_turns_hour", limit: 20, retry_after: 60 });
  expect(document).toEqual({ code: "too_many_turns_hour", limit: 20, retry_after: 60, status: 429 });
});

it.each([
  [502, "<html>Bad gateway</html>", "unavailable"],
  [500, null, "unavailable"],
  [404, { detail: "Not found" }, "failed"],
])("makes of a %d without a code a problem that can be said", (status, body, code) => {
  expect(problemFrom(status, body).document.code).toBe(code);
});
