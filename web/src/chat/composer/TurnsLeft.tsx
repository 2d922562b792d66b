import { useTranslation } from "react-i18next";
import { FEW_TURNS, useMe } from "../../app/queries";
import { regional } from "../../i18n/language";

/** How many questions are left this hour, once they are few; when the next one can be asked, once there is none. */
export function TurnsLeft() {
  const { t, i18n } = useTranslation();
  const { data: me } = useMe();
  if (!me || me.turns_left > FEW_TURNS) return null;
  const time =
    me.turns_back_at &&
    new Date(me.turns_back_at).toLocaleTimeString(regional(i18n.language), { timeStyle: "short" });
  return (
    <span role="status" data-testid="turns-left" className="tabular-nums">
      {time
        ? t("composer.noTurnsLeft", { limit: me.turns_per_hour, time })
        : t("composer.turnsLeft", { count: me.turns_left })}
    </span>
  );
}
