import { DropdownMenu } from "radix-ui";
import { useTranslation } from "react-i18next";
import { Icon } from "../../ui/Icon";
import { CONTENT, ITEM, TRIGGER } from "./menu";

interface Props {
  organizations: [name: string, count: number][];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

export function OrganizationMenu({ organizations, chosen, onChange }: Props) {
  const { t } = useTranslation("boards");
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name]);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={TRIGGER}>
        <span className="max-w-44 truncate">
          {chosen.length === 0 && t("filter.organization")}
          {chosen.length === 1 && chosen[0]}
          {chosen.length > 1 && t("filter.organizations", { count: chosen.length })}
        </span>
        <Icon name="chevron" size={16} className="text-soft" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={CONTENT} align="start" sideOffset={4}>
          {organizations.map(([name, count]) => (
            <DropdownMenu.CheckboxItem
              key={name}
              className={ITEM}
              checked={chosen.includes(name)}
              onCheckedChange={() => toggle(name)}
              // Several may be chosen in one go: the menu stays.
              onSelect={(event) => event.preventDefault()}
            >
              <span aria-hidden="true" className="w-4 text-clay">
                {chosen.includes(name) && <Icon name="check" size={16} />}
              </span>
              <span className="flex-1 truncate">{name}</span>
              <span className="text-13 text-soft tabular-nums">{count}</span>
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
