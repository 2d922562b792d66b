import { useMutation } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { askForLink } from "../api/endpoints";
import { useInstance, useMe } from "../app/queries";
import { useTitle } from "../app/useTitle";
import type { Language } from "../i18n/language";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { AskForm } from "./AskForm";
import { LinkSent } from "./LinkSent";
import { NoSignIn } from "./NoSignIn";
import { ProviderButtons } from "./ProviderButtons";
import { passkeysWork } from "./passkeys/ceremonies";
import { PasskeySignIn } from "./passkeys/PasskeySignIn";
import { SentBack } from "./SentBack";
import { Sheet } from "./Sheet";

/** How one can sign in here: asks for the address that a link goes to, and says that it was sent. */
export default function SignInPage() {
  const { t, i18n } = useTranslation("account");
  const problemText = useProblemText();
  const { next = "/", problem } = useSearch({ from: "/sign-in" });
  const { data: instance } = useInstance();
  const { data: me } = useMe();
  const [email, setEmail] = useState("");
  const ask = useMutation({
    mutationFn: () => askForLink({ email: email.trim(), language: i18n.language as Language, next }),
  });
  const way = instance?.sign_in.email;
  const passkeys = passkeysWork(instance?.sign_in.passkeys);
  const providers = instance?.sign_in.providers ?? [];
  // An address that is confirmed here comes to an account that has none.
  const withoutAddress = t(way === "off" ? "account.signedIn" : "signIn.adds");
  const withoutMail = providers.length > 0 ? "signIn.sentenceElsewhere" : "passkeys.sentence";
  const sentence = t(way === "off" ? withoutMail : "signIn.sentence");
  useTitle(t("signIn.title"));

  if (ask.data && !ask.isError) {
    return (
      <LinkSent
        email={email.trim()}
        asked={ask.data}
        onChange={ask.reset}
        onAgain={() => askForLink({ email: email.trim(), language: i18n.language as Language, next })}
      />
    );
  }
  if (way === "off" && providers.length === 0 && !passkeys) return <NoSignIn />;
  return (
    <Sheet title={t("signIn.title")}>
      {me?.kind === "voter" && (
        <Notice tone="info" testId="already-signed-in">
          <p>{me.email === null ? withoutAddress : t("signIn.already", { email: me.email })}</p>
          <Link to="/account" className="font-medium text-sea underline underline-offset-4">
            {t("account.title")}
          </Link>
        </Notice>
      )}
      {ask.isError || <SentBack code={problem} />}
      <p className="text-17 text-pretty text-soft">{sentence}</p>
      <ProviderButtons providers={providers} label={(name) => t("signIn.with", { name })} next={next} />
      {way === "console" && (
        <Notice tone="info" testId="console-note">
          <p>{t("signIn.console")}</p>
        </Notice>
      )}
      {way !== "off" && (
        <AskForm
          email={email}
          onEmail={(typed) => {
            setEmail(typed);
            if (ask.isError) ask.reset();
          }}
          problem={ask.error && problemText(ask.error)}
          sending={ask.isPending}
          passkeys={passkeys}
          onSend={() => ask.mutate()}
        />
      )}
      {passkeys && me && me.kind !== "voter" && <PasskeySignIn next={next} hasField={way !== "off"} />}
    </Sheet>
  );
}
