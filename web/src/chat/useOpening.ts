import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/**
 * The turn to open a conversation at, which its address names (`at`), and a key that is another one each time
 * it is opened. The address names it once: who loads the page again is where they have gone on to since.
 */
export function useOpening(id: string, at: string | undefined): { key: string; at?: string } {
  const navigate = useNavigate();
  const [opening, setOpening] = useState({ id, at, address: at, time: 0 });
  if (opening.id !== id || opening.address !== at) {
    const anew = opening.id !== id || at !== undefined;
    setOpening(anew ? { id, at, address: at, time: opening.time + 1 } : { ...opening, address: at });
  }
  useEffect(() => {
    if (at === undefined) return;
    navigate({ to: "/c/$conversationId", params: { conversationId: id }, replace: true });
  }, [navigate, id, at]);
  return { key: `${id} ${opening.time}`, at: opening.at };
}
