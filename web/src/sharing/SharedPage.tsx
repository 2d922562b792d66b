import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Sheet } from "../account/Sheet";
import { Problem } from "../api/problem";
import { useTitle } from "../app/useTitle";
import { TopBar } from "../shell/TopBar";
import { Button } from "../ui/Button";
import { LINK } from "../ui/link";
import { Notice } from "../ui/Notice";
import { getShared } from "./endpoints";
import { SharedView } from "./SharedView";
import { useSharingProblem } from "./useSharingProblem";

/** What a link shows, to anybody: nothing here needs a session, or begins one. */
export default function SharedPage() {
  const { t } = useTranslation(["sharing", "page"]);
  const problemText = useSharingProblem();
  const { token } = useParams({ from: "/s/$token" });
  const shared = useQuery({ queryKey: ["shared", token], queryFn: () => getShared(token), retry: false });
  const gone = shared.error instanceof Problem && shared.error.document.status === 404;
  useTitle(shared.data?.title ?? t(gone ? "page.goneTitle" : "page.conversation"));
  if (shared.data) return <SharedView shared={shared.data} />;
  if (gone) {
    return (
      <Sheet title={t("page.goneTitle")}>
        <p className="text-soft" data-testid="share-gone">
          {t("page.gone")}
        </p>
        <Link to="/" className={`inline-block ${LINK}`}>
          {t("page.start")}
        </Link>
      </Sheet>
    );
  }
  return (
    <>
      <TopBar />
      {shared.error && (
        <div className="mx-auto max-w-xl space-y-4 p-6">
          <Notice tone="wrong" live testId="problem">
            {problemText(shared.error)}
          </Notice>
          <Button onClick={() => shared.refetch()}>{t("page:chat.tryAgain")}</Button>
        </div>
      )}
    </>
  );
}
