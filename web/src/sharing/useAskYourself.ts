import { useNavigate } from "@tanstack/react-router";
import { readSetting, writeSetting } from "../app/settings";

const DRAFT = "draft.new";

/** Puts a question into a new chat, before what the reader was writing there. */
export function useAskYourself(arena: string): (question: string) => void {
  const navigate = useNavigate();
  return (question) => {
    const own = readSetting(DRAFT);
    writeSetting(DRAFT, own && own !== question ? `${question}\n\n${own}` : question);
    void navigate({ to: "/", search: { arena } });
  };
}
