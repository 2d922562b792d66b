import { useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationChange } from "../api/endpoints";
import type { HistoryItem } from "../api/types";
import { Button } from "../ui/Button";
import { Tick } from "./Tick";

const TOPICS = ["health", "law"] as const;

interface ReleaseDialogProps {
  conversation: HistoryItem;
  onChange: (change: ConversationChange) => void;
  onClose: () => void;
}

/** Whether a chat may be published later as open data. */
export default function ReleaseDialog({ conversation, onChange, onClose }: ReleaseDialogProps) {
  const { t } = useTranslation("consent");
  const { title, left_out, topics } = conversation;
  const heading = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      data-testid="release-dialog"
      className="m-auto w-[calc(100%-2rem)] max-w-md rounded-card border border-line bg-raised p-5 text-ink shadow-soft backdrop:bg-veil"
      onClose={onClose}
      // What is pressed here is not for the line of the list around it.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className="space-y-3">
        <h2 id={heading} className="font-serif text-22 font-semibold">
          {t("release.title")}
        </h2>
        <p className="text-15 text-soft text-pretty wrap-anywhere">{t("release.text", { title })}</p>
        <Tick
          label={t("release.leaveOut")}
          on={left_out}
          onChange={(on) => onChange({ left_out: on })}
          testId="leave-out"
        />
        <fieldset>
          <legend className="text-15 text-soft text-pretty">{t("release.about")}</legend>
          {TOPICS.map((topic) => (
            <Tick
              key={topic}
              label={t(`release.topics.${topic}`)}
              on={topics.includes(topic)}
              onChange={(on) =>
                onChange({ topics: TOPICS.filter((one) => (one === topic ? on : topics.includes(one))) })
              }
              testId={`about-${topic}`}
            />
          ))}
        </fieldset>
        <p role="status" className="text-15 font-medium text-pretty" data-testid="release-state">
          {t(left_out || topics.length > 0 ? "release.out" : "release.in")}
        </p>
        <div className="text-right">
          <Button onClick={() => dialog.current?.close()} data-testid="release-close">
            {t("release.close")}
          </Button>
        </div>
      </div>
    </dialog>
  );
}
