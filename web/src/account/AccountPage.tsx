import { useMutation } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { signOut } from "../api/endpoints";
import { useMe } from "../app/queries";
import { useTitle } from "../app/useTitle";
import { leaveAccount } from "../app/whoIsHere";
import { DataLink } from "../belongings/DataLink";
import { Button } from "../ui/Button";
import { LINK } from "../ui/link";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { PasskeyList } from "./passkeys/PasskeyList";
import { SentBack } from "./SentBack";
import { SessionList } from "./SessionList";
import { Sheet } from "./Sheet";
import { WayList } from "./WayList";

/** Who one is here, where one is signed in, and how that ends. */
export default function AccountPage() {
  const { t } = useTranslation(["account", "page"]);
  const problemText = useProblemText();
  const { problem } = useSearch({ from: "/account" });
  const { data: me, error, isFetching, refetch } = useMe();
  const leave = useMutation({ mutationFn: signOut, onSuccess: leaveAccount });
  useTitle(t("account.title"));

  if (!me) {
    return (
      <Sheet title={t("account.title")}>
        {error && (
          <>
            <Notice tone="wrong" live testId="problem">
              <p>{problemText(error)}</p>
            </Notice>
            <Button onClick={() => refetch()} disabled={isFetching} data-testid="try-again">
              {t("page:chat.tryAgain")}
            </Button>
          </>
        )}
      </Sheet>
    );
  }
  if (me.kind !== "voter") {
    return (
      <Sheet title={t("account.title")}>
        <p data-testid="not-signed-in">{t("account.notSignedIn")}</p>
        <Link to="/sign-in" search={{ next: "/account" }} className={`inline-block ${LINK}`}>
          {t("signIn.title")}
        </Link>
      </Sheet>
    );
  }
  return (
    <Sheet title={t("account.title")}>
      <p className="text-17 wrap-anywhere" data-testid="signed-in-as">
        {me.email === null ? t("account.signedIn") : t("account.as", { email: me.email })}
      </p>
      <SentBack code={problem} />
      <WayList />
      <PasskeyList />
      <SessionList />
      <p className="flex flex-wrap gap-x-5 gap-y-2">
        <Link to="/my-board" className={LINK}>
          {t("page:shell.myBoard")}
        </Link>
        <Link to="/privacy" className={LINK}>
          {t("account.privacy")}
        </Link>
        <DataLink className={LINK} />
      </p>
      {leave.error && (
        <Notice tone="wrong" live testId="problem">
          <p>{problemText(leave.error)}</p>
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => leave.mutate(false)} disabled={leave.isPending} data-testid="sign-out">
          {t("account.signOut")}
        </Button>
        <Button
          onClick={() => leave.mutate(true)}
          disabled={leave.isPending}
          data-testid="sign-out-everywhere"
        >
          {t("account.everywhere")}
        </Button>
      </div>
    </Sheet>
  );
}
