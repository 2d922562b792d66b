interface SegmentsProps<Value extends string> {
  label: string;
  value: Value;
  options: { value: Value; name: string }[];
  onChange: (value: Value) => void;
  testId: string;
}

/** One of a few, all of them in sight. */
export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  return (
    <fieldset className="flex h-10 w-fit rounded-control border border-line p-0.5">
      <legend className="sr-only">{props.label}</legend>
      {props.options.map(({ value, name }) => (
        <button
          key={value}
          type="button"
          aria-pressed={props.value === value}
          data-testid={`${props.testId}-${value}`}
          onClick={() => props.onChange(value)}
          className="rounded-[4px] px-3 text-soft transition-colors hover:text-ink aria-pressed:bg-sunken aria-pressed:text-ink"
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
