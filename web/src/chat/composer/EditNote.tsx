import { useTranslation } from "react-i18next";
import type { Turn } from "../../api/types";
import { pause } from "../../i18n/language";
import { Button } from "../../ui/Button";

/** A question that is being put into other words, or is to be asked again. */
export interface Edit {
  turn: Turn;
  text: string;
  again?: boolean;
}

interface EditNoteProps {
  edit: Edit;
  /** Whether a battle waits for a vote that it will not get then. */
  leavesOpen: boolean;
  onCancel: () => void;
}

/** Above the input while an earlier question is in it: what sending it will do. */
export function EditNote({ edit, leavesOpen, onCancel }: EditNoteProps) {
  const { t, i18n } = useTranslation();
  return (
    <div className="mb-2 flex items-center justify-between gap-4" data-testid="edit-note">
      <p className="px-1 text-13 text-soft text-balance" role="status">
        {t(edit.again ? "question.again" : "question.editing")}
        {leavesOpen && pause(i18n.language) + t("question.leavesOpen")}
      </p>
      <Button kind="quiet" className="shrink-0 text-13" data-testid="edit-cancel" onClick={onCancel}>
        {t("question.cancel")}
      </Button>
    </div>
  );
}
