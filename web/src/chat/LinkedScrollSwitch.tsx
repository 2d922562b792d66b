import { useTranslation } from "react-i18next";
import { classes } from "../ui/classes";
import { Icon } from "../ui/Icon";

interface LinkedScrollSwitchProps {
  on: boolean;
  onChange: (on: boolean) => void;
}

export function LinkedScrollSwitch({ on, onChange }: LinkedScrollSwitchProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      data-testid="linked-scroll"
      onClick={() => onChange(!on)}
      className="inline-flex h-9 items-center gap-2 rounded-control px-2.5 text-13 text-soft transition-colors hover:bg-ink/5 hover:text-ink max-md:hidden"
    >
      <Icon name="scroll" size={16} />
      {t("chat.linkedScroll")}
      <span
        aria-hidden="true"
        className={classes(
          "relative h-4 w-7 rounded-full transition-colors after:absolute after:top-0.5 after:left-0.5 after:size-3 after:rounded-full after:bg-raised after:transition-transform",
          on ? "bg-sea after:translate-x-3" : "bg-ink/25",
        )}
      />
    </button>
  );
}
