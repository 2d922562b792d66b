import { useTranslation } from "react-i18next";
import type { Passkey } from "../../api/types";
import { Button } from "../../ui/Button";
import { usePasskeyWords } from "./usePasskeyWords";

interface PasskeyItemProps {
  passkey: Passkey;
  removing: boolean;
  onRemove: () => void;
}

/** A passkey: who keeps it or where it was made, since when, and that it can be removed. */
export function PasskeyItem({ passkey, removing, onRemove }: PasskeyItemProps) {
  const { t } = useTranslation("account");
  const { nameOf, sinceOf, lastUseOf } = usePasskeyWords();
  return (
    <li className="flex items-center gap-3 py-3" data-testid="passkey">
      <div className="min-w-0 flex-1">
        <p className="font-medium">{nameOf(passkey)}</p>
        <p className="text-13 text-soft">
          {sinceOf(passkey)}
          <span aria-hidden="true"> · </span>
          {lastUseOf(passkey)}
        </p>
        {!passkey.works && <p className="text-15 text-wine">{t("passkeys.refused")}</p>}
      </div>
      <Button
        onClick={onRemove}
        disabled={removing}
        aria-label={t("passkeys.removeOne", { name: nameOf(passkey), since: sinceOf(passkey) })}
        data-testid="remove-passkey"
      >
        {t("passkeys.remove")}
      </Button>
    </li>
  );
}
