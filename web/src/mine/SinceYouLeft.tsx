import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSwitch } from "../app/useSwitch";
import { relativeTime } from "../history/relativeTime";
import { listed, regional } from "../i18n/language";
import { IconButton } from "../ui/IconButton";
import { LINK } from "../ui/link";
import { type SinceYouLeft as Since, sinceQuery } from "./queries";
import { isToTell, noteTold } from "./told";
import { useSentences } from "./useSentences";

/** One line about what happened since the last visit, once a visit; it opens to the sentences. */
export function SinceYouLeft({ leftAt }: { leftAt: string }) {
  const [wanted] = useSwitch("since", true);
  const [open, setOpen] = useState(() => isToTell(leftAt));
  const shown = wanted && open;
  const { data } = useQuery({ ...sinceQuery, enabled: shown });
  if (!shown || !data?.left_at || !hasNews(data)) return null;
  return <Line since={data} leftAt={data.left_at} visit={leftAt} onClose={() => setOpen(false)} />;
}

/** Whether anything happened: how one votes oneself is no news. */
const hasNews = ({ boards, new: newcomers }: Since) =>
  newcomers.length > 0 || boards.some(({ votes, moved }) => votes > 0 || moved.length > 0);

interface LineProps {
  since: Since;
  leftAt: string;
  visit: string;
  onClose: () => void;
}

function Line({ since, leftAt, visit, onClose }: LineProps) {
  const { t, i18n } = useTranslation("mine");
  const language = regional(i18n.language);
  const sentences = useSentences(since);
  useEffect(() => noteTold(visit), [visit]);
  const votes = since.boards.reduce((sum, board) => sum + board.votes, 0);
  const moved = since.boards.reduce((sum, board) => sum + board.moved.length, 0);
  const what = [
    votes > 0 && t("since.votes", { count: votes }),
    moved > 0 && t("since.moved", { count: moved }),
    since.new.length > 0 && t("since.new", { count: since.new.length }),
  ].filter((one) => one !== false);
  return (
    <div
      data-testid="since-you-left"
      className="flex items-start gap-2 border-y border-line py-2 text-15 text-soft"
    >
      <details className="min-w-0 flex-1">
        <summary className="min-h-9 cursor-pointer py-1.5 hover:text-ink">
          {t("since.line", { when: relativeTime(leftAt, language), what: listed(what, language) })}
        </summary>
        <ul className="mt-1 mb-2 list-disc space-y-1 pl-5 text-ink">
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <Link to="/my-board" className={LINK}>
          {t("since.more")}
        </Link>
      </details>
      <IconButton icon="close" label={t("since.dismiss")} data-testid="since-close" onClick={onClose} />
    </div>
  );
}
