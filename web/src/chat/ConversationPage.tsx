import { useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { NotFoundPage } from "../shell/NotFoundPage";
import { TopBar } from "../shell/TopBar";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { ConversationView } from "./ConversationView";
import { useConversation } from "./useConversation";
import { useOpening } from "./useOpening";

/** A conversation at its address. */
export function ConversationPage() {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { conversationId } = useParams({ from: "/c/$conversationId" });
  const { key, at } = useOpening(conversationId, useSearch({ from: "/c/$conversationId" }).at);
  const { data, error, refetch } = useConversation(conversationId);
  if (data) return <ConversationView key={key} conversation={data} at={at} />;
  if (error instanceof Problem && error.document.status === 404) return <NotFoundPage />;
  return (
    <>
      <TopBar />
      {error && (
        <div className="mx-auto max-w-xl space-y-4 p-6">
          <Notice tone="wrong" live testId="problem">
            {problemText(error)}
          </Notice>
          <Button onClick={() => refetch()}>{t("chat.tryAgain")}</Button>
        </div>
      )}
    </>
  );
}
