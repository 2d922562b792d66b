import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { startOver } from "../../app/whoIsHere";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { beginPasskey, keepPasskey } from "./api";
import { create } from "./ceremonies";
import { usePasskeyProblem } from "./usePasskeyProblem";
import { usePasskeySignIn } from "./usePasskeySignIn";

interface PasskeySignInProps {
  next: string;
  /** Whether there is a field in which the browser may offer passkeys. */
  hasField: boolean;
}

/** Signing in with a passkey, and making an account with one; for who is not signed in. */
export function PasskeySignIn({ next, hasField }: PasskeySignInProps) {
  const { t } = useTranslation("account");
  const problemOf = usePasskeyProblem();
  const signIn = usePasskeySignIn(next, hasField);
  const make = useMutation({
    mutationFn: async () => {
      signIn.stop();
      return keepPasskey(await create((await beginPasskey()).public_key));
    },
    // There it says that nothing else opens the account yet.
    onSuccess: () => startOver("/account"),
  });
  const busy = signIn.busy || make.isPending || make.isSuccess;
  const problem = problemOf(make.error ?? signIn.error);
  return (
    <section className="space-y-4 border-t border-line pt-5" aria-label={t("passkeys.title")}>
      <Button
        className="min-h-11 px-5"
        disabled={busy}
        onClick={() => {
          make.reset();
          signIn.start();
        }}
        data-testid="passkey-sign-in"
      >
        {t("passkeys.signIn")}
      </Button>
      {problem !== null && (
        <Notice tone="wrong" live testId="problem">
          <p>{problem}</p>
        </Notice>
      )}
      <div className="space-y-2">
        <p className="text-15 text-pretty text-soft">{t("passkeys.newAccount")}</p>
        <Button
          kind="quiet"
          className="-ml-3"
          disabled={busy}
          onClick={() => make.mutate()}
          data-testid="passkey-account"
        >
          {t("passkeys.makeAccount")}
        </Button>
      </div>
    </section>
  );
}
