import type { Choice } from "../../api/types";

/** The four choices in the order of their keys, 1 to 4. */
export const CHOICES: readonly Choice[] = ["a", "tie", "both_bad", "b"];

export const TEST_IDS: Record<Choice, string> = {
  a: "vote-a",
  tie: "vote-tie",
  both_bad: "vote-both-bad",
  b: "vote-b",
};
