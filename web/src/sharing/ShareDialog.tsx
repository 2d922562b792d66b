import { Link } from "@tanstack/react-router";
import { Dialog } from "radix-ui";
import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { pause } from "../i18n/language";
import { Button } from "../ui/Button";
import { IconButton } from "../ui/IconButton";
import { Notice } from "../ui/Notice";
import type { Sharable } from "./endpoints";
import { NamesChoice } from "./NamesChoice";
import { ResultCard } from "./ResultCard";
import { ShareList } from "./ShareList";
import type { Result } from "./useResultWords";
import { useShares } from "./useShares";
import { useSharingProblem } from "./useSharingProblem";

interface ShareDialogProps {
  what: Sharable;
  result?: Result;
  /** What opened it, and has the focus again afterwards. */
  opener: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** Making a link to a chat or a battle, the links that there are, and a battle's result as a picture. */
export default function ShareDialog({ what, result, opener, onClose }: ShareDialogProps) {
  const { t, i18n } = useTranslation("sharing");
  const problemText = useSharingProblem();
  const [names, setNames] = useState(true);
  const { shares, make, revoke } = useShares(what);
  const kind = "battle_id" in what ? "battle" : "conversation";
  const problem = make.error ?? shares.error;
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay data-testid="share-veil" className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          data-testid="share-dialog"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            opener.current?.focus();
          }}
          className="fixed top-1/2 left-1/2 z-50 max-h-[92dvh] w-[min(36rem,95vw)] -translate-1/2 space-y-4 overflow-y-auto rounded-card border border-line bg-ground p-5 shadow-soft"
        >
          <div className="flex items-start justify-between gap-3">
            <Dialog.Title className="font-serif text-22 font-semibold">{t(`title.${kind}`)}</Dialog.Title>
            <Dialog.Close asChild>
              <IconButton icon="close" label={t("close")} className="-mt-1 -mr-2 shrink-0" />
            </Dialog.Close>
          </div>
          <p className="text-15 text-soft">
            {kind === "battle" ? t("whoBattle") : `${t("who")}${pause(i18n.language)}${t("unvoted")}`}
          </p>
          <NamesChoice names={names} onChange={setNames} />
          <Button
            kind="main"
            data-testid="make-link"
            disabled={make.isPending}
            onClick={() => make.mutate({ ...what, names, language: i18n.language === "zh" ? "zh" : "en" })}
          >
            {t("make")}
          </Button>
          <p role="status" className="sr-only">
            {make.isSuccess && t("made")}
          </p>
          {problem && (
            <Notice tone="wrong" live testId="problem">
              <p>{problemText(problem)}</p>
            </Notice>
          )}
          <ShareList heading={t("linksTo")} shares={shares.data} revoke={revoke} newest={make.data?.token} />
          {result && <ResultCard result={result} names={names} />}
          <Link
            to="/links"
            onClick={onClose}
            className="inline-block text-13 text-soft underline underline-offset-4 hover:text-ink"
          >
            {t("all")}
          </Link>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
