import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";

interface AskFormProps {
  email: string;
  onEmail: (typed: string) => void;
  problem: string | null;
  sending: boolean;
  /** Whether the browser may offer passkeys in the field. */
  passkeys: boolean;
  onSend: () => void;
}

/** One field, one button. What is wrong with the address the arena says, in the reader's language. */
export function AskForm({ email, onEmail, problem, sending, passkeys, onSend }: AskFormProps) {
  const { t } = useTranslation("account");
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!sending) onSend();
      }}
    >
      <label className="block">
        <span className="mb-1.5 block font-medium">{t("signIn.email")}</span>
        <input
          type="email"
          name="email"
          autoComplete={passkeys ? "email webauthn" : "email"}
          autoCapitalize="none"
          spellCheck={false}
          value={email}
          onChange={(event) => onEmail(event.target.value)}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : "ask-problem"}
          data-testid="sign-in-email"
          className="h-11 w-full rounded-control border border-line bg-raised px-3 text-17 outline-none focus-visible:border-sea focus-visible:ring-1 focus-visible:ring-sea"
        />
      </label>
      {problem !== null && (
        <div id="ask-problem">
          <Notice tone="wrong" live testId="problem">
            <p>{problem}</p>
          </Notice>
        </div>
      )}
      <Button
        type="submit"
        kind="main"
        className="min-h-11 px-5"
        disabled={sending || email.trim() === ""}
        data-testid="send-link"
      >
        {t("signIn.send")}
      </Button>
    </form>
  );
}
