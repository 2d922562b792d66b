import { useQuery } from "@tanstack/react-query";
import { getContestants, getInstance } from "../api/endpoints";
import type { Instance } from "../api/types";

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
