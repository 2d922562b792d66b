import { useTranslation } from "react-i18next";
import type { Contestant } from "../../api/types";
import { useLicenseText } from "../../ui/useLicenseText";

interface ContestantOptionProps {
  group: string;
  contestant: Contestant;
  checked: boolean;
  onCheck: () => void;
  /** By a click or Enter the list is done; by the arrow keys one is still looking. */
  onTake: () => void;
}

export function ContestantOption({ group, contestant, checked, onCheck, onTake }: ContestantOptionProps) {
  const { t } = useTranslation();
  const licenseText = useLicenseText();
  const note = [contestant.organization, licenseText(contestant.license), contestant.demo && t("reveal.demo")]
    .filter(Boolean)
    .join(" · ");
  return (
    <label className="flex cursor-pointer items-center gap-3 rounded-control px-3 py-2 hover:bg-ink/5 has-focus-visible:bg-ink/5">
      <input
        type="radio"
        name={group}
        value={contestant.slug}
        checked={checked}
        onChange={onCheck}
        onClick={(event) => event.detail > 0 && onTake()}
        onKeyDown={(event) => event.key === "Enter" && onTake()}
        className="accent-(--clay)"
      />
      <span className="min-w-0">
        <span className="block truncate text-15 font-medium">{contestant.name}</span>
        {note && <span className="block truncate text-13 text-soft">{note}</span>}
      </span>
    </label>
  );
}
