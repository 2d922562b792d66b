import { expect, it } from "vitest";
import { conversation, turn } from "./samples";
import { titleOf } from "./title";

const asked = (text: string) => turn({ parts: [{ type: "text", text }] });

it("is the first question in one line, before the server has named the conversation", () => {
  expect(titleOf(conversation({ title: "", turns: [asked("Why\n is it\tso? "), asked("And?")] }))).toBe(
    "Why is it so?",
  );
});

it("ends after 80 characters, none of them cut in two", () => {
  expect(titleOf(conversation({ title: "", turns: [asked("😀".repeat(100))] }))).toBe("😀".repeat(80));
});

it("is the server's where there is one, and nothing where nothing was asked", () => {
  expect(titleOf(conversation({ title: "Lighthouses" }))).toBe("Lighthouses");
  expect(titleOf(conversation({ title: "", turns: [] }))).toBe("");
});
