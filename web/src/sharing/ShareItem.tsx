import { useTranslation } from "react-i18next";
import { relativeTime } from "../history/relativeTime";
import { regional } from "../i18n/language";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import { useCopy } from "../ui/useCopy";
import type { Share } from "./endpoints";

interface ShareItemProps {
  share: Share;
  isNew: boolean;
  titled?: boolean;
  revoking: boolean;
  onRevoke: () => void;
}

/** One link: its address, what it shows, and what can be done with it. */
export function ShareItem({ share, isNew, titled, revoking, onRevoke }: ShareItemProps) {
  const { t, i18n } = useTranslation("sharing");
  const { said, copy } = useCopy();
  const what = [
    share.battle_id ? t("what.battle") : t("what.conversation", { count: share.turns }),
    t(share.names ? "withNames" : "withoutNames"),
  ].join(" · ");
  const date = relativeTime(share.created_at, regional(i18n.language));
  return (
    <li className="space-y-1.5 py-2.5" data-testid="share">
      {titled && <p className="truncate font-medium">{share.title}</p>}
      <p className="text-13 text-soft">
        {what}
        <span aria-hidden="true"> · </span>
        {t("since", { date })}
      </p>
      {share.left_out > 0 && (
        <p className="text-13 text-ochre" data-testid="left-out">
          {t("leftOut", { count: share.left_out })}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <a
          href={share.url}
          target="_blank"
          rel="noreferrer"
          data-testid="share-url"
          className={classes(
            "min-w-0 flex-1 basis-40 truncate rounded-control border bg-raised px-2.5 py-1.5 font-mono text-13 underline-offset-4 hover:underline",
            isNew ? "border-clay" : "border-line",
          )}
        >
          {share.url}
        </a>
        <Button
          data-testid="copy-link"
          aria-label={said ?? t("copyLink", { what: `${titled ? `${share.title}, ` : ""}${what}` })}
          onClick={() => copy(share.url)}
        >
          {said ?? t("copy")}
        </Button>
        <Button
          data-testid="revoke-link"
          aria-label={t("revokeLink", { what: `${titled ? `${share.title}, ` : ""}${what}` })}
          disabled={revoking}
          onClick={onRevoke}
        >
          {t("revoke")}
        </Button>
      </div>
    </li>
  );
}
