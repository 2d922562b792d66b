import { DropdownMenu } from "radix-ui";
import { useRef } from "react";
import { ChoiceButton, type ChoiceMenuProps } from "./ChoiceMenu";
import { Icon } from "./Icon";
import { usePress } from "./useLate";

interface ChoicesProps<Value extends string> extends ChoiceMenuProps<Value> {
  press?: Event;
}

/** A menu of choices with its button. */
export function Choices<Value extends string>({ press, ...props }: ChoicesProps<Value>) {
  const trigger = useRef<HTMLButtonElement>(null);
  usePress(trigger, press);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger ref={trigger} asChild>
        <ChoiceButton of={props} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
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
