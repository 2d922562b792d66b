import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { getIdentities, removeIdentity } from "../api/endpoints";
import type { Identity } from "../api/types";
import { Notice } from "../ui/Notice";
import { ProviderButtons } from "./ProviderButtons";
import { useProviderWords } from "./useProviderWords";
import { useSignInProblem } from "./useSignInProblem";
import { WayItem } from "./WayItem";
import { IDENTITIES, WAYS_IN } from "./waysIn";

/** How one signs in; further ways can be connected, and all but the last removed. */
export function WayList() {
  const { t } = useTranslation("account");
  const problemText = useSignInProblem();
  const { providers, wayName } = useProviderWords();
  const client = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const ways = useQuery({ queryKey: IDENTITIES, queryFn: getIdentities, staleTime: 0 });
  const remove = useMutation({
    mutationFn: ({ id }: Identity) => removeIdentity(id),
    // The button that was pressed goes away with its line; the reader stays at the list.
    onSuccess: () => heading.current?.focus(),
    onSettled: () => client.invalidateQueries({ queryKey: WAYS_IN }),
  });
  const known = ways.data ?? [];
  const further = providers.filter(({ slug }) => !known.some(({ provider }) => provider === slug));
  const problem = remove.error ?? ways.error;
  // Who has passkeys alone, where there is no provider to connect, reads of them below.
  if (known.length === 0 && further.length === 0 && !problem) return null;
  return (
    <section aria-labelledby="ways" className="space-y-2">
      <h2 id="ways" ref={heading} tabIndex={-1} className="font-serif text-22 outline-none">
        {t("ways.title")}
      </h2>
      {known.length > 0 && (
        <ul className="divide-y divide-line border-y border-line">
          {known.map((way) => (
            <WayItem
              key={way.id}
              way={way}
              onRemove={way.last ? undefined : () => remove.mutate(way)}
              asked={asked === way.id}
              onAsk={(now) => setAsked(now ? way.id : null)}
              removing={remove.isPending}
            />
          ))}
        </ul>
      )}
      <p role="status" className="text-soft" data-testid="way-removed">
        {remove.isSuccess && t("ways.removed", { way: wayName(remove.variables) })}
      </p>
      {problem && (
        <Notice tone="wrong" live testId="problem">
          <p>{problemText(problem)}</p>
        </Notice>
      )}
      {ways.data && (
        <ProviderButtons
          providers={further}
          label={(name) => t("ways.connect", { name })}
          next="/account"
          connect
        />
      )}
    </section>
  );
}
