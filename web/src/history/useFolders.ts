import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getFolders } from "../api/endpoints";

const KEY = ["folders"];

/** The reader's folders, by name. */
export const useFolders = () => useQuery({ queryKey: KEY, queryFn: getFolders });

/**
 * Makes, renames or deletes a folder; what lists show is read anew afterwards. One for all, so that its error
 * is that of the last thing done.
 */
export function useFolderChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: KEY }),
        client.invalidateQueries({ queryKey: ["history"] }),
      ]),
  });
}
