import { useTranslation } from "react-i18next";
import type { SideName } from "../api/types";
import { SideMark } from "../ui/SideMark";

interface SharedHeadProps {
  /** Null where there is one answer only. */
  side: SideName | null;
  /** Null where the names are not shared. */
  name: { name: string; organization: string | null } | null;
  chosen: boolean;
}

/** Above a shared answer: its letter, who it was if that is told, and whether it was chosen. */
export function SharedHead({ side, name, chosen }: SharedHeadProps) {
  const { t } = useTranslation("sharing");
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-3">
      {side && <SideMark side={side} />}
      {name && (
        <h3 className="min-w-0 font-serif text-17 leading-tight font-semibold break-words">{name.name}</h3>
      )}
      {name?.organization && <span className="text-13 text-soft">{name.organization}</span>}
      {chosen && (
        <span className="ml-auto rounded-full bg-ink/7 px-2.5 py-0.5 text-13 font-medium whitespace-nowrap">
          {t("page.chosen")}
        </span>
      )}
    </div>
  );
}
