import { Trans, useTranslation } from "react-i18next";
import { Sheet } from "./Sheet";

/** That nobody can sign in, why, and what whoever runs the arena can do about it. */
export function NoSignIn() {
  const { t } = useTranslation("account");
  return (
    <Sheet title={t("signIn.off.title")}>
      <p className="text-17 text-pretty" data-testid="sign-in-off">
        {t("signIn.off.text")}
      </p>
      <p className="text-pretty text-soft">
        <Trans
          t={t}
          i18nKey="signIn.off.operator"
          components={{
            code: <code className="rounded-[4px] bg-ink/7 px-1.5 py-0.5 font-mono text-13 wrap-anywhere" />,
          }}
        />
      </p>
    </Sheet>
  );
}
