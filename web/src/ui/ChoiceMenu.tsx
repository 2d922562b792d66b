import { DropdownMenu } from "radix-ui";
import { Icon } from "./Icon";

interface ChoiceMenuProps<Value extends string> {
  label: string;
  value: Value;
  options: { value: Value; name: string; note?: string }[];
  onChange: (value: Value) => void;
  testId: string;
}

/** One of several, in a menu that shows the present one. */
export function ChoiceMenu<Value extends string>(props: ChoiceMenuProps<Value>) {
  const present = props.options.find(({ value }) => value === props.value);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        data-testid={props.testId}
        aria-label={`${props.label}: ${present?.name ?? props.value}`}
        className="inline-flex h-9 items-center gap-1 rounded-control px-2.5 text-15 font-medium transition-colors hover:bg-ink/5 data-[state=open]:bg-ink/5"
      >
        {present?.name ?? props.value}
        <Icon name="chevron" size={16} className="text-soft" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          className="z-50 max-w-80 min-w-52 rounded-card border border-line bg-raised p-1 shadow-soft"
        >
          <DropdownMenu.RadioGroup
            value={props.value}
            onValueChange={(value) => props.onChange(value as Value)}
          >
            {props.options.map(({ value, name, note }) => (
              <DropdownMenu.RadioItem
                key={value}
                value={value}
                data-testid={`${props.testId}-${value}`}
                className="relative cursor-pointer rounded-control py-2 pr-3 pl-8 text-15 -outline-offset-2 data-highlighted:bg-ink/5"
              >
                <DropdownMenu.ItemIndicator className="absolute top-2.5 left-2 text-clay">
                  <Icon name="check" size={16} />
                </DropdownMenu.ItemIndicator>
                <span className="block font-medium">{name}</span>
                {note && <span className="block text-13 text-soft">{note}</span>}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
