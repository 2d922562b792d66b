import { useTranslation } from "react-i18next";
import { WithCode } from "../ui/WithCode";
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
        <WithCode text={t("signIn.off.operator")} />
      </p>
    </Sheet>
  );
}
