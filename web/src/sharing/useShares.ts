import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getShares, makeShare, revokeShare, type Sharable } from "./endpoints";

const SHARES = ["shares"];

/** One's own links to something, or all of them; making one, and revoking. */
export function useShares(what?: Sharable) {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: SHARES });
  const shares = useQuery({ queryKey: [...SHARES, what], queryFn: () => getShares(what), staleTime: 0 });
  const make = useMutation({ mutationFn: makeShare, onSettled });
  const revoke = useMutation({ mutationFn: revokeShare, onSettled });
  return { shares, make, revoke };
}
