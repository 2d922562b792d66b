import { useTranslation } from "react-i18next";
import type { Mode } from "../api/types";
import { useInstance } from "../app/queries";
import { ChoiceMenu } from "../ui/ChoiceMenu";
import { type Filters, WITHIN_DAYS, type Within } from "./filters";

interface FilterMenusProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

const ANY = "any";
const MODES: Mode[] = ["battle", "side_by_side", "direct"];

/** Arena, mode, vote, pin and time, each in a menu that says what is chosen. */
export function FilterMenus({ filters, onChange }: FilterMenusProps) {
  const { t, i18n } = useTranslation();
  const { data: instance } = useInstance();
  const arenas = instance?.arenas ?? [];
  const flag = (value: boolean | undefined) => (value === undefined ? ANY : value ? "yes" : "no");
  const unless = <Value extends string>(value: string): Value | undefined =>
    value === ANY ? undefined : (value as Value);
  return (
    <div className="-mx-4 flex items-center gap-x-1 overflow-x-auto px-1.5 sm:mx-0 sm:-ml-2.5 sm:flex-wrap sm:px-0 *:shrink-0">
      {arenas.length > 1 && (
        <ChoiceMenu
          testId="filter-arena"
          label={t("chat.arena")}
          value={filters.arena ?? ANY}
          options={[
            { value: ANY, name: t("history.filter.anyArena") },
            ...arenas.map(({ slug, name }) => ({
              value: slug,
              name: t("shell.arena", { name: name[i18n.language] ?? name.en ?? slug }),
            })),
          ]}
          onChange={(value) => onChange({ ...filters, arena: unless(value) })}
        />
      )}
      <ChoiceMenu
        testId="filter-mode"
        label={t("chat.mode")}
        value={filters.mode ?? ANY}
        options={[
          { value: ANY, name: t("history.filter.anyMode") },
          ...MODES.map((value) => ({ value, name: t(`mode.${value}.name`) })),
        ]}
        onChange={(value) => onChange({ ...filters, mode: unless<Mode>(value) })}
      />
      <ChoiceMenu
        testId="filter-voted"
        label={t("history.filter.vote")}
        value={flag(filters.voted)}
        options={[
          { value: ANY, name: t("history.filter.anyVote") },
          { value: "yes", name: t("history.voted") },
          { value: "no", name: t("history.notVoted") },
        ]}
        onChange={(value) => onChange({ ...filters, voted: value === ANY ? undefined : value === "yes" })}
      />
      <ChoiceMenu
        testId="filter-pinned"
        label={t("history.filter.pin")}
        value={flag(filters.pinned)}
        options={[
          { value: ANY, name: t("history.filter.anyPin") },
          { value: "yes", name: t("history.pinned") },
        ]}
        onChange={(value) => onChange({ ...filters, pinned: value === ANY ? undefined : true })}
      />
      <ChoiceMenu
        testId="filter-within"
        label={t("history.filter.time")}
        value={filters.within ?? ANY}
        options={[
          { value: ANY, name: t("history.filter.anyTime") },
          ...Object.keys(WITHIN_DAYS).map((value) => ({
            value,
            name: t(`history.filter.within.${value as Within}`),
          })),
        ]}
        onChange={(value) => onChange({ ...filters, within: unless<Within>(value) })}
      />
    </div>
  );
}
