import { useTranslation } from "react-i18next";
import type { Passkey } from "../../api/types";
import { relativeTime } from "../../history/relativeTime";
import { regional } from "../../i18n/language";
import { hoursAtMost } from "../hoursAtMost";
import { useBrowserName } from "../useBrowserName";

const JUST_NOW_MS = 60_000;

/** A passkey in the reader's words: who keeps it, since when it is there, and when it was last used. */
export function usePasskeyWords() {
  const { t, i18n } = useTranslation("account");
  const browserName = useBrowserName();
  const language = regional(i18n.language);

  const nameOf = (passkey: Passkey): string => passkey.authenticator ?? browserName(passkey);

  function sinceOf({ created_at }: Passkey): string {
    if (Date.now() - Date.parse(created_at) < JUST_NOW_MS) return t("passkeys.sinceNow");
    return t("passkeys.since", { since: relativeTime(created_at, language) });
  }

  function lastUseOf({ used_at }: Passkey): string {
    if (used_at === null) return t("passkeys.unused");
    const count = hoursAtMost(used_at);
    if (count <= 2) return t("account.seenWithin", { count });
    return t("account.seen", { seen: relativeTime(used_at, language) });
  }

  return { nameOf, sinceOf, lastUseOf };
}
