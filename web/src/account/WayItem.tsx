import { useTranslation } from "react-i18next";
import type { Identity } from "../api/types";
import { Button } from "../ui/Button";
import { useProviderWords } from "./useProviderWords";

interface WayItemProps {
  way: Identity;
  /** None where nothing else would open the account. */
  onRemove?: () => void;
  asked: boolean;
  onAsk: (asked: boolean) => void;
  removing: boolean;
}

/** A way to sign in; removing it asks once more. */
export function WayItem({ way, onRemove, asked, onAsk, removing }: WayItemProps) {
  const { t } = useTranslation("account");
  const { wayName } = useProviderWords();
  const words = { way: wayName(way), label: way.label ?? "" };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3" data-testid="way">
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere">{words.way}</p>
        <p className="text-13 text-soft wrap-anywhere">
          {way.label}
          {!way.works && ` ${t("ways.off")}`}
        </p>
      </div>
      {onRemove && !asked && (
        <Button onClick={() => onAsk(true)} aria-label={t("ways.removeOne", words)} data-testid="remove-way">
          {t("ways.remove")}
        </Button>
      )}
      {onRemove && asked && (
        <div className="flex gap-2">
          <Button
            kind="main"
            autoFocus
            onClick={onRemove}
            disabled={removing}
            aria-label={t("ways.reallyOne", words)}
            data-testid="really-remove-way"
          >
            {t("ways.really")}
          </Button>
          <Button kind="quiet" onClick={() => onAsk(false)}>
            {t("ways.keep")}
          </Button>
        </div>
      )}
    </li>
  );
}
