import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import { relativeTime } from "../history/relativeTime";
import { regional } from "../i18n/language";
import { hoursAtMost } from "./hoursAtMost";
import { useBrowserName } from "./useBrowserName";

const JUST_NOW_MS = 60_000;

/** A session in the reader's words: its browser, since when it is signed in, and when it was last used. */
export function useSessionWords() {
  const { t, i18n } = useTranslation("account");
  const nameOf: (session: Session) => string = useBrowserName();
  const language = regional(i18n.language);

  function sinceOf({ created_at }: Session): string {
    if (Date.now() - Date.parse(created_at) < JUST_NOW_MS) return t("account.sinceNow");
    return t("account.since", { since: relativeTime(created_at, language) });
  }

  function lastUseOf({ here, seen_at }: Session): string {
    if (here) return t("account.here");
    const count = hoursAtMost(seen_at);
    if (count <= 2) return t("account.seenWithin", { count });
    return t("account.seen", { seen: relativeTime(seen_at, language) });
  }

  return { nameOf, sinceOf, lastUseOf };
}
