import { Popover } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Contestant } from "../../api/types";
import { Icon } from "../../ui/Icon";
import { ContestantOption } from "./ContestantOption";

const SEARCH_FROM = 8;

interface ContestantPickerProps {
  label: string;
  contestants: Contestant[];
  value: string | undefined;
  onChange: (slug: string) => void;
  testId: string;
}

/** One contestant by name, from a list that can be searched. */
export default function ContestantPicker({
  label,
  contestants,
  value,
  onChange,
  testId,
}: ContestantPickerProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLowerCase();
  const found = contestants.filter(({ name, organization }) =>
    `${name} ${organization ?? ""}`.toLowerCase().includes(wanted),
  );
  const present = contestants.find(({ slug }) => slug === value);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        data-testid={testId}
        className="flex min-h-11 w-full min-w-0 items-center gap-2 rounded-control border border-line bg-raised px-3 text-left transition-colors hover:border-soft"
      >
        <span className="text-13 text-soft">{label}</span>
        <span className="min-w-0 flex-1 truncate font-medium">{present?.name ?? t("start.choose")}</span>
        <Icon name="chevron" size={16} className="text-soft" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={label}
          align="start"
          sideOffset={4}
          collisionPadding={12}
          className="z-50 w-[max(18rem,var(--radix-popover-trigger-width))] rounded-card border border-line bg-raised p-1 shadow-soft"
        >
          {contestants.length > SEARCH_FROM && (
            <input
              type="search"
              value={query}
              onChange={(event) => setQuery(event.target.value)}
              aria-label={t("start.searchContestants")}
              placeholder={t("start.searchContestants")}
              className="mb-1 h-10 w-full border-b border-line bg-transparent px-3 text-15 outline-none focus:border-sea placeholder:text-soft"
            />
          )}
          <fieldset className="max-h-72 overflow-y-auto">
            <legend className="sr-only">{label}</legend>
            {found.map((contestant) => (
              <ContestantOption
                key={contestant.slug}
                group={testId}
                contestant={contestant}
                checked={contestant.slug === value}
                onCheck={() => onChange(contestant.slug)}
                onTake={() => setOpen(false)}
              />
            ))}
            {found.length === 0 && <p className="px-3 py-2 text-15 text-soft">{t("start.noneFound")}</p>}
          </fieldset>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
