import type { UseMutationResult } from "@tanstack/react-query";
import { useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { pause } from "../i18n/language";
import { Notice } from "../ui/Notice";
import type { Share } from "./endpoints";
import { ShareItem } from "./ShareItem";
import { useSharingProblem } from "./useSharingProblem";

interface ShareListProps {
  heading: string;
  /** Undefined until they are known. */
  shares: Share[] | undefined;
  revoke: UseMutationResult<unknown, Error, string>;
  /** The token of the link that was just made. */
  newest?: string;
  /** Shows what each leads to, where that is not said already. */
  titled?: boolean;
}

/** Links, each of which can be copied, opened and revoked. */
export function ShareList({ heading, shares, revoke, newest, titled }: ShareListProps) {
  const { t, i18n } = useTranslation("sharing");
  const problemText = useSharingProblem();
  const id = useId();
  const title = useRef<HTMLHeadingElement>(null);
  return (
    <section aria-labelledby={id}>
      <h2 id={id} ref={title} tabIndex={-1} className="text-15 font-semibold outline-none">
        {heading}
      </h2>
      {shares?.length === 0 && <p className="mt-1 text-15 text-soft">{t("none")}</p>}
      {shares && shares.length > 0 && (
        <ul className="mt-1 divide-y divide-line border-y border-line">
          {shares.map((share) => (
            <ShareItem
              key={share.token}
              share={share}
              isNew={share.token === newest}
              titled={titled}
              revoking={revoke.isPending}
              onRevoke={() =>
                // The button that was pressed goes away with its link; the reader stays at the list.
                revoke.mutate(share.token, { onSuccess: () => title.current?.focus() })
              }
            />
          ))}
        </ul>
      )}
      <p role="status" className="mt-1.5 text-13 text-soft" data-testid="share-revoked">
        {revoke.isSuccess && `${t("revoked")}${pause(i18n.language)}${t("kept")}`}
      </p>
      {revoke.error && (
        <Notice tone="wrong" live testId="problem">
          <p>{problemText(revoke.error)}</p>
        </Notice>
      )}
    </section>
  );
}
