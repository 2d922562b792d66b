import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createFolder, deleteFolder, getFolders, renameFolder } from "../api/endpoints";

const KEY = ["folders"];

/** The reader's folders, by name. */
export const useFolders = () => useQuery({ queryKey: KEY, queryFn: getFolders });

/** Making, renaming and deleting folders; what lists show is read anew afterwards. */
export function useFolderChanges() {
  const client = useQueryClient();
  const onSuccess = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: KEY }),
      client.invalidateQueries({ queryKey: ["history"] }),
    ]);
  const create = useMutation({ mutationFn: createFolder, onSuccess });
  const rename = useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) => renameFolder(id, name),
    onSuccess,
  });
  const remove = useMutation({ mutationFn: deleteFolder, onSuccess });
  return { create, rename, remove };
}
