import type { ComponentProps } from "react";
import { Icon } from "./Icon";
import { useLateMenu } from "./useLate";

export interface ChoiceMenuProps<Value extends string> {
  label: string;
  value: Value;
  options: { value: Value; name: string; note?: string }[];
  onChange: (value: Value) => void;
  testId: string;
}

const loadChoices = async () => (await import("./Choices")).Choices;

/** One of several, in a menu that shows the present one. */
export function ChoiceMenu<Value extends string>(props: ChoiceMenuProps<Value>) {
  const { late, button } = useLateMenu(loadChoices);
  if (late) return <late.Control {...props} press={late.press} />;
  return <ChoiceButton {...button} of={props} />;
}

interface ChoiceButtonProps<Value extends string> extends ComponentProps<"button"> {
  of: ChoiceMenuProps<Value>;
}

/** The button that says what is chosen, and opens the menu. */
export function ChoiceButton<Value extends string>({ of, ...rest }: ChoiceButtonProps<Value>) {
  const present = of.options.find(({ value }) => value === of.value)?.name ?? of.value;
  return (
    <button
      type="button"
      {...rest}
      data-testid={of.testId}
      aria-label={`${of.label}: ${present}`}
      className="inline-flex h-9 items-center gap-1 rounded-control px-2.5 text-15 font-medium transition-colors hover:bg-ink/5 data-[state=open]:bg-ink/5"
    >
      {present}
      <Icon name="chevron" size={16} className="text-soft" />
    </button>
  );
}
