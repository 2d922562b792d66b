import { useTranslation } from "react-i18next";
import type { Mode } from "../api/types";
import { useInstance } from "../app/queries";
import { ChoiceMenu } from "../ui/ChoiceMenu";

interface ChatMenusProps {
  arena: string;
  mode: Mode;
  onChange: (chosen: { arena: string; mode: Mode }) => void;
}

/** Which arena, which mode. */
export function ChatMenus({ arena, mode, onChange }: ChatMenusProps) {
  const { t, i18n } = useTranslation();
  const { data: instance } = useInstance();
  const arenas = instance?.arenas ?? [];
  const modes = arenas.find(({ slug }) => slug === arena)?.modes ?? [mode];
  return (
    <>
      <ChoiceMenu
        testId="arena-menu"
        label={t("chat.arena")}
        value={arena}
        options={arenas.map(({ slug, name }) => ({
          value: slug,
          name: t("shell.arena", { name: name[i18n.language] ?? name.en ?? slug }),
        }))}
        onChange={(next) => onChange({ arena: next, mode })}
      />
      <ChoiceMenu
        testId="mode-menu"
        label={t("chat.mode")}
        value={mode}
        options={modes.map((one) => ({
          value: one,
          name: t(`mode.${one}.name`),
          note: t(`mode.${one}.note`),
        }))}
        onChange={(next) => onChange({ arena, mode: next })}
      />
    </>
  );
}
