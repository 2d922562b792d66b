import { useTranslation } from "react-i18next";
import { Icon } from "../ui/Icon";
import type { Instead } from "./model/instead";

/** Says that another pair answers from here on, why, and what it was told of before. */
export function InsteadNote({ instead }: { instead: Instead }) {
  const { t } = useTranslation();
  const [because, side] = instead.split(":") as [string, string];
  return (
    <p data-testid="instead" className="mb-4 flex items-start justify-center gap-2 text-13 text-soft">
      <Icon name="pair" size={16} className="mt-px shrink-0" />
      <span>{t(`instead.${because}`, { side: side.toUpperCase() })}</span>
    </p>
  );
}
