import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Icon } from "../ui/Icon";
import type { Instead } from "./model/instead";

/** Says that another pair answers from here on, why, and what it was told of before. */
export function InsteadNote({ instead }: { instead: Instead }) {
  const { t } = useTranslation();
  return (
    <p data-testid="instead" className="mb-4 flex items-start justify-center gap-2 text-13 text-soft">
      <Icon name="pair" size={16} className="mt-px shrink-0" />
      <span>{textOf(instead, t)}</span>
    </p>
  );
}

/** The parts of words like these, as they are separated by colons. */
type Parts<Word extends string> = Word extends `${infer First}:${infer Rest}`
  ? [First, ...Parts<Rest>]
  : [Word];

function textOf(instead: Instead, t: TFunction): string {
  if (instead === "retiredNamed") return t("instead.retiredNamed");
  const [because, by, side] = instead.split(":") as Parts<typeof instead>;
  return t(`instead.${because}`, { goesOn: t(`vote.carried.${by}`, { side: side.toUpperCase() }) });
}
