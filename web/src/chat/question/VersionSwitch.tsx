import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/IconButton";
import type { Version } from "../model/branches";

interface VersionSwitchProps extends Version {
  onShow: (turnId: string) => void;
}

/** ‹ 2/3 ›: goes through the versions of a question, each with the branch that follows from it. */
export function VersionSwitch({ number, count, earlier, later, onShow }: VersionSwitchProps) {
  const { t } = useTranslation();
  // Not `disabled`: a button that is loses the focus, and with it the reader's place.
  const step = (to: string | undefined) => ({
    "aria-disabled": to === undefined,
    className: to === undefined ? "cursor-default! opacity-40" : undefined,
    onClick: () => to !== undefined && onShow(to),
  });
  return (
    <fieldset className="flex items-center text-13 text-soft">
      <legend className="sr-only">{t("question.versions")}</legend>
      <IconButton
        icon="earlier"
        label={t("question.earlier")}
        data-testid="version-earlier"
        {...step(earlier)}
      />
      <span aria-hidden="true" className="min-w-8 text-center tabular-nums">
        {number}/{count}
      </span>
      <span role="status" className="sr-only" data-testid="version">
        {t("question.version", { number, count })}
      </span>
      <IconButton icon="later" label={t("question.later")} data-testid="version-later" {...step(later)} />
    </fieldset>
  );
}
