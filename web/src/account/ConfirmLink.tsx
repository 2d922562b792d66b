import { useTranslation } from "react-i18next";
import type { Link } from "../api/types";
import { useMe } from "../app/queries";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";

interface ConfirmLinkProps {
  link: Link;
  onSignIn: (bring: boolean) => void;
  signingIn: boolean;
  problem: string | null;
}

const LARGE = "min-h-11 max-w-full px-5 py-2 wrap-anywhere";

/** Whom a link signs in, and the button that does it; two where a stranger may have asked for it. */
export function ConfirmLink({ link, onSignIn, signingIn, problem }: ConfirmLinkProps) {
  const { t } = useTranslation("account");
  const { data: me } = useMe();
  const { email, asked_here, adds, chats } = link;
  // Whoever opens a link that somebody else asked for would hand them their chats: none come along unasked, also
  // of those that were begun in another tab since this one looked.
  const asks = !asked_here && chats > 0;
  const changes = me?.kind === "voter" && me.email !== email && !adds;
  return (
    <>
      <p className="text-17 wrap-anywhere">{t(adds ? "link.adds" : "link.who", { email })}</p>
      {!asked_here && (
        <Notice tone="care" title={t("link.elsewhere.title")} testId="asked-elsewhere">
          <p>{t("link.elsewhere.text")}</p>
        </Notice>
      )}
      {changes && (
        <Notice tone="care" testId="changes-account">
          <p className="wrap-anywhere">
            {me.email === null ? t("link.changesAccount") : t("link.changes", { email: me.email })}
          </p>
        </Notice>
      )}
      {asks && <p className="text-pretty">{t("link.chats", { count: chats })}</p>}
      <div className="flex flex-wrap gap-2">
        <Button
          kind={asks ? "plain" : "main"}
          className={LARGE}
          disabled={signingIn}
          onClick={() => onSignIn(asked_here || asks)}
          data-testid="confirm-sign-in"
        >
          {asks ? t("link.bring") : t(adds ? "link.add" : "link.go", { email })}
        </Button>
        {asks && (
          <Button
            className={LARGE}
            disabled={signingIn}
            onClick={() => onSignIn(false)}
            data-testid="sign-in-without"
          >
            {t("link.leave")}
          </Button>
        )}
      </div>
      {problem !== null && (
        <Notice tone="wrong" live testId="problem">
          <p>{problem}</p>
        </Notice>
      )}
    </>
  );
}
