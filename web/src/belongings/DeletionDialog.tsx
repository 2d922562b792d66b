import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { useProblemText } from "../ui/useProblemText";
import { useHoldings } from "./useHoldings";

interface DeletionDialogProps {
  title: string;
  /** What will be gone. */
  goes: string;
  /** What will not; else what stays of every conversation. */
  stays?: string;
  confirm: string;
  /** Asks for a second press, with these words. */
  again?: string;
  onDelete: () => Promise<unknown>;
  onClose: () => void;
}

/** Says what a deletion takes, what it leaves and when it is done, before it is one. */
export function DeletionDialog(props: DeletionDialogProps) {
  const { title, goes, stays, confirm, again, onDelete, onClose } = props;
  const { t } = useTranslation("data");
  const problemText = useProblemText();
  const { data: holdings, error: unknown } = useHoldings();
  const [pressed, setPressed] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const text = useId();
  // The browser's own: it keeps the focus inside, and gives it back when it is closed.
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  const deletion = useMutation({ mutationFn: onDelete, onSuccess: close });
  const error = deletion.error ?? unknown;
  const press = () => {
    if (again && !pressed) setPressed(true);
    else deletion.mutate();
  };
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-labelledby={heading}
      aria-describedby={text}
      data-testid="deletion"
      onClose={onClose}
      className="m-auto max-h-[90vh] w-[min(30rem,92vw)] overflow-y-auto rounded-card border border-line bg-raised p-5 text-left whitespace-normal text-ink shadow-soft backdrop:bg-veil md:p-6"
    >
      <div className="space-y-4">
        <h2 id={heading} className="font-serif text-22 font-semibold wrap-anywhere">
          {title}
        </h2>
        <div id={text} className="space-y-4 text-15">
          <dl className="space-y-3">
            <Said of={t("deleting.goes")}>{goes}</Said>
            <Said of={t("deleting.stays")}>{stays ?? t("deleting.votes")}</Said>
            <Said of={t("deleting.when")}>
              {holdings &&
                t("deleting.erased", {
                  minutes: holdings.erased_within_minutes,
                  count: holdings.backup_days,
                })}
            </Said>
          </dl>
          <p className="font-medium">{t("deleting.forGood")}</p>
        </div>
        {error && (
          <p role="alert" className="text-15 text-wine">
            {problemText(error)}
          </p>
        )}
        <div className="flex flex-wrap justify-end gap-2 pt-1">
          <Button data-testid="keep" onClick={close}>
            {t("deleting.keep")}
          </Button>
          <Button
            kind="grave"
            data-testid="confirm-deletion"
            // Nobody deletes before they were told what it does.
            disabled={!holdings || deletion.isPending}
            onClick={press}
          >
            {again && pressed ? again : confirm}
          </Button>
        </div>
        <p role="status" className="sr-only">
          {pressed && again}
        </p>
      </div>
    </dialog>
  );
}

function Said({ of, children }: { of: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-13 font-medium text-soft">{of}</dt>
      <dd className="mt-0.5 min-h-6">{children}</dd>
    </div>
  );
}
