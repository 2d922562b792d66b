import { useQuery } from "@tanstack/react-query";
import { getContestants, getInstance, getMe } from "../api/endpoints";
import type { Instance, Me } from "../api/types";
import { carry } from "./chosen";
import { noteWhoIsHere } from "./whoIsHere";

const NOW_AND_THEN_MS = 60_000;
const SOON_MS = 3_000;

/** Contestants may turn up any moment; a pause comes and goes. */
const wait = (instance: Instance | undefined) =>
  instance?.notices.includes("demo_models_coming") ? SOON_MS : NOW_AND_THEN_MS;

/** What this installation offers, and its notices. */
export const useInstance = () =>
  useQuery({
    queryKey: ["instance"],
    queryFn: getInstance,
    refetchInterval: ({ state }) => wait(state.data),
  });

export const useContestants = (enabled = true) =>
  useQuery({ queryKey: ["contestants"], queryFn: getContestants, enabled });

/** From here on the page tells how many questions are left this hour. */
export const FEW_TURNS = 5;

const SCARCE = 0.2;

/** Those of somebody's quotas of which little is left. */
export const scarceOf = (me: Me | undefined) =>
  me?.quotas.filter(({ left, limit }) => left < limit * SCARCE) ?? [];

/** Who asks and what they may. Read anew after each question, and while little is left, for the hour moves on. */
export const useMe = () =>
  useQuery({
    queryKey: ["me"],
    queryFn: async () => {
      const me = await getMe();
      noteWhoIsHere(me);
      carry();
      return me;
    },
    refetchInterval: ({ state }) => (state.data ? untilMore(state.data) : false),
  });

function untilMore(me: Me): number | false {
  const { turns_left, turns_back_at } = me;
  if (turns_left > FEW_TURNS) return scarceOf(me).length > 0 && NOW_AND_THEN_MS;
  if (turns_back_at === null) return NOW_AND_THEN_MS;
  const back = Date.parse(turns_back_at) - Date.now();
  return Math.min(Math.max(back + 1_000, 1_000), NOW_AND_THEN_MS);
}
