import { useQuery } from "@tanstack/react-query";
import { getHoldings } from "../api/endpoints";

/** What the reader has here, in numbers, and when it would be gone. */
export const useHoldings = () => useQuery({ queryKey: ["holdings"], queryFn: getHoldings, staleTime: 0 });
