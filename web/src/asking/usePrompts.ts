import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { whileTemporary } from "../app/query";
import { forgetNonce, nonceOf } from "../chat/nonce";
import {
  changePrompt,
  deletePrompt,
  getPrompts,
  type PromptChange,
  type PromptDraft,
  type SavedPrompt,
  savePrompt,
} from "./endpoints";

const KEY = ["prompts"];

/** One's own prompts, the one used last first. */
export const usePrompts = () => useQuery({ queryKey: KEY, queryFn: getPrompts });

/** Saving, changing and deleting prompts; the list is read anew afterwards. */
export function usePromptChanges() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: KEY });
  const save = useMutation({
    mutationFn: (prompt: PromptDraft) => savePrompt(prompt, nonceOf(prompt)),
    retry: whileTemporary,
    onSuccess: (_, prompt) => {
      forgetNonce(prompt);
      return onSuccess();
    },
  });
  const change = useMutation({
    mutationFn: ({ id, ...values }: PromptChange & { id: string }) => changePrompt(id, values),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: deletePrompt,
    onSuccess: (_, gone) => {
      client.setQueryData<SavedPrompt[]>(KEY, (known) => known?.filter(({ id }) => id !== gone));
      return onSuccess();
    },
  });
  return { save, change, remove };
}
