import type { Conversation } from "../../api/types";
import { promptText } from "./turnState";

const MOST_CHARACTERS = 80;

/** What a conversation is called: the beginning of its first question, as long as the server has not said. */
export function titleOf({ title, turns }: Conversation): string {
  if (title || !turns[0]) return title;
  const line = promptText(turns[0]).split(/\s+/).join(" ").trim();
  return [...line].slice(0, MOST_CHARACTERS).join("");
}
