import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import { relativeTime } from "../history/relativeTime";
import { regional } from "../i18n/language";
import { Button } from "../ui/Button";

interface SessionItemProps {
  session: Session;
  ending: boolean;
  onEnd: () => void;
}

/** A browser that is signed in; all but this one can be signed out beside it. */
export function SessionItem({ session, ending, onEnd }: SessionItemProps) {
  const { t, i18n } = useTranslation("account");
  const { browser, system, here } = session;
  const language = regional(i18n.language);
  const name =
    browser && system
      ? t("account.browserOn", { browser, system })
      : (browser ?? system ?? t("account.unknownBrowser"));
  const since = relativeTime(session.created_at, language);
  return (
    <li className="flex items-center gap-3 py-3" data-testid="session">
      <div className="min-w-0 flex-1">
        <p className="font-medium">{name}</p>
        <p className="text-13 text-soft">
          {t("account.since", { since })}
          <span aria-hidden="true"> · </span>
          {here ? t("account.here") : t("account.seen", { seen: relativeTime(session.seen_at, language) })}
        </p>
      </div>
      {!here && (
        <Button
          onClick={onEnd}
          disabled={ending}
          aria-label={t("account.endOther", { browser: name, since })}
          data-testid="end-session"
        >
          {t("account.end")}
        </Button>
      )}
    </li>
  );
}
