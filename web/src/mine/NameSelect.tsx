import { useTranslation } from "react-i18next";
import type { Contestant, SideName } from "../api/types";

interface NameSelectProps {
  side: SideName;
  names: Contestant[];
  value: string | undefined;
  onChange: (slug: string | undefined) => void;
}

/** Whom one takes a side for; the empty choice leaves it open. */
export function NameSelect({ side, names, value, onChange }: NameSelectProps) {
  const { t } = useTranslation("mine");
  return (
    <label className="flex min-w-0 items-center gap-2">
      <span className="w-4 font-semibold">{side.toUpperCase()}</span>
      <select
        data-testid={`guess-${side}`}
        aria-label={t("guess.side", { side: side.toUpperCase() })}
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || undefined)}
        className="min-h-11 w-full min-w-0 rounded-control border border-line bg-raised px-2 text-15 hover:border-soft"
      >
        <option value="">{t("guess.open")}</option>
        {names.map(({ slug, name }) => (
          <option key={slug} value={slug}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
