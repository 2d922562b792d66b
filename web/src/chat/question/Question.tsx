import { lazy } from "react";
import { useTranslation } from "react-i18next";
import type { Turn } from "../../api/types";
import { Fetched } from "../../ui/Fetched";
import { IconButton } from "../../ui/IconButton";
import type { Version } from "../model/branches";
import { promptText } from "../model/turnState";
import { VersionSwitch } from "./VersionSwitch";

interface QuestionProps extends Version {
  turn: Turn;
  onShow: (turnId: string) => void;
  onEdit: (turn: Turn, again?: boolean) => void;
}

const QuestionMenu = lazy(() => import("../../asking/QuestionMenu"));

// Where there is a pointer to come by, it stays out of the way until then.
const QUIET = "shrink-0 not-group-hover:not-focus-visible:not-data-[state=open]:pointer-fine:opacity-0";

/** Characters from which a question may not be seen whole, on a telephone. */
const MAY_SCROLL = 250;

/** What was asked: quiet, at the right, with its versions and the way to one more. */
export function Question({ turn, onShow, onEdit, ...version }: QuestionProps) {
  const { t } = useTranslation();
  return (
    <div className="group mb-4">
      <h2 className="sr-only">{t("chat.question")}</h2>
      <div className="flex items-center justify-end gap-1">
        <Fetched instead={<span className="size-9 shrink-0" />}>
          <QuestionMenu turn={turn} className={QUIET} onAgain={() => onEdit(turn, true)} />
        </Fetched>
        <IconButton
          icon="edit"
          label={t("question.edit")}
          data-testid="edit"
          className={QUIET}
          onClick={() => onEdit(turn)}
        />
        <p
          dir="auto"
          // What scrolls must be reachable by keyboard.
          tabIndex={promptText(turn).length > MAY_SCROLL ? 0 : undefined}
          className="max-h-60 max-w-[min(44rem,85%)] overflow-y-auto rounded-card bg-ink/5 px-4 py-2.5 text-15 break-words whitespace-pre-wrap"
        >
          {promptText(turn)}
        </p>
      </div>
      {version.count > 1 && (
        <div className="mt-1 -mb-2 flex justify-end">
          <VersionSwitch {...version} onShow={onShow} />
        </div>
      )}
    </div>
  );
}
