import { useTranslation } from "react-i18next";
import { Problem } from "../../api/problem";
import { useSignInProblem } from "../useSignInProblem";

const CODES = [
  "passkeys_off",
  "passkey_too_late",
  "passkey_wrong",
  "unknown_passkey",
  "passkey_copied",
  "passkey_known",
  "too_many_passkeys",
] as const;

/** What went wrong with a passkey as one sentence; null for what its owner did not want after all. */
export function usePasskeyProblem(): (error: unknown) => string | null {
  const { t } = useTranslation("account");
  const problemText = useSignInProblem();
  return (error) => {
    if (error === null || error === undefined) return null;
    if (error instanceof Problem) {
      const code = CODES.find((one) => one === error.document.code);
      return code ? t(`passkeys.problem.${code}`, { limit: error.document.limit }) : problemText(error);
    }
    if (error instanceof DOMException) {
      if (error.name === "AbortError") return null;
      if (error.name === "InvalidStateError") return t("passkeys.hasOne");
      if (error.name === "NotAllowedError") return t("passkeys.notDone");
    }
    return t("passkeys.failed");
  };
}
