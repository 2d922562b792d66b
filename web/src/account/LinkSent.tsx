import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { LinkAsked } from "../api/types";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { Sheet } from "./Sheet";

interface LinkSentProps {
  email: string;
  asked: LinkAsked;
  onAgain: () => Promise<LinkAsked>;
  onChange: () => void;
}

/** Where to look for the link now. */
export function LinkSent({ email, asked, onAgain, onChange }: LinkSentProps) {
  const { t } = useTranslation("account");
  const problemText = useProblemText();
  const again = useMutation({ mutationFn: onAgain });
  const minutes = Math.round(asked.valid_seconds / 60);
  return (
    <Sheet title={t(`sent.title.${asked.sent_by}`)}>
      <p className="text-17 text-pretty wrap-anywhere" data-testid="link-sent">
        {t(`sent.text.${asked.sent_by}`, { email, minutes })}
      </p>
      {asked.sent_by === "mail" && <p className="text-soft">{t("sent.nothing")}</p>}
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => again.mutate()} disabled={again.isPending} data-testid="send-again">
          {t("sent.again")}
        </Button>
        <Button kind="quiet" onClick={onChange}>
          {t("sent.change")}
        </Button>
      </div>
      <p role="status" className="text-soft">
        {again.isSuccess && t("sent.sentAgain")}
      </p>
      {again.isError && (
        <Notice tone="wrong" live testId="problem">
          <p>{problemText(again.error)}</p>
        </Notice>
      )}
    </Sheet>
  );
}
