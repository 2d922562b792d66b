import { useQuery } from "@tanstack/react-query";
import { getContestants, getInstance, getMe } from "../api/endpoints";

/** What this installation offers, and its notices; asked again now and then, since a pause may come and go. */
export const useInstance = () =>
  useQuery({ queryKey: ["instance"], queryFn: getInstance, refetchInterval: 60_000 });

export const useContestants = (enabled = true) =>
  useQuery({ queryKey: ["contestants"], queryFn: getContestants, enabled });

export const useMe = () => useQuery({ queryKey: ["me"], queryFn: getMe });
