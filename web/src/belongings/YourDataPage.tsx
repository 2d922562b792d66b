import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Sheet } from "../account/Sheet";
import { deleteAccount, deleteConversations, exportUrl } from "../api/endpoints";
import { useMe } from "../app/queries";
import { forgetWriting } from "../app/settings";
import { useTitle } from "../app/useTitle";
import { leaveAccount } from "../app/whoIsHere";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { DeletionDialog } from "./DeletionDialog";
import { useHoldings } from "./useHoldings";

const SAVE =
  "inline-flex min-h-9 items-center rounded-control border border-line bg-raised px-3 text-15 font-medium transition-colors hover:border-soft";

/** What the arena keeps of the reader: taken along, or deleted. Guests have it, too. */
export default function YourDataPage() {
  const { t, i18n } = useTranslation("data");
  const problemText = useProblemText();
  const client = useQueryClient();
  const { data: me, error: unknown } = useMe();
  const { data: holdings, error } = useHoldings();
  const [asking, setAsking] = useState<"chats" | "all" | null>(null);
  const [done, setDone] = useState(false);
  useTitle(t("data.title"));

  const removeChats = async () => {
    await deleteConversations();
    forgetWriting();
    client.removeQueries({ queryKey: ["conversation"] });
    for (const stale of ["history", "folders", "holdings"]) {
      void client.invalidateQueries({ queryKey: [stale] });
    }
    setDone(true);
  };
  const removeAll = async () => {
    await deleteAccount();
    leaveAccount();
  };
  const problem = unknown ?? error;
  if (problem || !me || !holdings) {
    return (
      <Sheet title={t("data.title")}>
        {problem && (
          <Notice tone="wrong" live testId="problem">
            <p>{problemText(problem)}</p>
          </Notice>
        )}
      </Sheet>
    );
  }
  if (me.kind === "stranger") {
    return (
      <Sheet title={t("data.title")}>
        <p data-testid="nothing-here">{t("data.nothing")}</p>
      </Sheet>
    );
  }
  const { chats, folders, votes } = holdings;
  const who = me.kind === "voter" ? "account" : "guest";
  return (
    <Sheet title={t("data.title")}>
      <p className="text-17">{t("data.sentence")}</p>
      <p className="text-15 text-soft tabular-nums" data-testid="holdings">
        {[
          t("data.has.chats", { count: chats }),
          t("data.has.folders", { count: folders }),
          t("data.has.votes", { count: votes }),
        ].join(" · ")}
      </p>
      <section aria-labelledby="take" className="space-y-3 border-t border-line pt-5">
        <h2 id="take" className="font-serif text-22 font-semibold">
          {t("data.take")}
        </h2>
        <p className="text-15">{t("data.takeNote")}</p>
        <p className="flex flex-wrap gap-2">
          {(["markdown", "json"] as const).map((format) => (
            <a
              key={format}
              href={exportUrl(format, i18n.language)}
              download
              data-testid={`take-${format}`}
              className={SAVE}
            >
              {t(`data.${format}`)}
            </a>
          ))}
        </p>
      </section>
      <section aria-labelledby="delete" className="space-y-3 border-t border-line pt-5">
        <h2 id="delete" className="font-serif text-22 font-semibold">
          {t("data.delete")}
        </h2>
        <div className="flex flex-wrap gap-2">
          <Button disabled={chats === 0} onClick={() => setAsking("chats")} data-testid="delete-chats">
            {t("deleting.chats.open")}
          </Button>
          <Button onClick={() => setAsking("all")} data-testid="delete-account">
            {t(`deleting.${who}.open`)}
          </Button>
        </div>
        <p role="status" className="text-15 text-laurel">
          {done && t("deleting.chats.done")}
        </p>
      </section>
      {asking === "chats" && (
        <DeletionDialog
          title={t("deleting.chats.title")}
          goes={t("deleting.chats.goes")}
          confirm={t("deleting.chats.confirm")}
          onDelete={removeChats}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === "all" && (
        <DeletionDialog
          title={t(`deleting.${who}.title`)}
          goes={t(`deleting.${who}.goes`)}
          stays={t(`deleting.${who}.votes`)}
          confirm={t(`deleting.${who}.confirm`)}
          again={t(`deleting.${who}.again`)}
          onDelete={removeAll}
          onClose={() => setAsking(null)}
        />
      )}
    </Sheet>
  );
}
