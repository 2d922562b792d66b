import { useId } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "../ui/classes";

interface NamesChoiceProps {
  names: boolean;
  onChange: (names: boolean) => void;
}

/** Whether others learn who answered. */
export function NamesChoice({ names, onChange }: NamesChoiceProps) {
  const { t } = useTranslation("sharing");
  const group = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 text-13 text-soft">{t("names.legend")}</legend>
      <div className="grid grid-cols-2 gap-2">
        {([true, false] as const).map((value) => (
          <label
            key={String(value)}
            className={classes(
              "flex min-h-11 cursor-pointer items-center gap-2 rounded-control border px-3 text-15",
              "has-focus-visible:outline-2 has-focus-visible:outline-offset-2",
              value === names ? "border-clay bg-raised" : "border-line",
            )}
          >
            <input
              type="radio"
              name={group}
              className="accent-clay"
              checked={value === names}
              data-testid={value ? "with-names" : "without-names"}
              onChange={() => onChange(value)}
            />
            {t(value ? "names.with" : "names.without")}
          </label>
        ))}
      </div>
      {!names && <p className="mt-1.5 text-13 text-soft">{t("names.note")}</p>}
    </fieldset>
  );
}
