import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import { Button } from "../ui/Button";
import { useSessionWords } from "./useSessionWords";

interface SessionItemProps {
  session: Session;
  ending: boolean;
  onEnd: () => void;
}

/** A browser that is signed in; all but this one can be signed out beside it. */
export function SessionItem({ session, ending, onEnd }: SessionItemProps) {
  const { t } = useTranslation("account");
  const { nameOf, sinceOf, lastUseOf } = useSessionWords();
  return (
    <li className="flex items-center gap-3 py-3" data-testid="session">
      <div className="min-w-0 flex-1">
        <p className="font-medium">{nameOf(session)}</p>
        <p className="text-13 text-soft">
          {sinceOf(session)}
          <span aria-hidden="true"> · </span>
          {lastUseOf(session)}
        </p>
      </div>
      {!session.here && (
        <Button
          onClick={onEnd}
          disabled={ending}
          aria-label={t("account.endOther", { browser: nameOf(session), since: sinceOf(session) })}
          data-testid="end-session"
        >
          {t("account.end")}
        </Button>
      )}
    </li>
  );
}
