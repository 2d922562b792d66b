import { useTranslation } from "react-i18next";
import { install } from "../app/installing";
import { Icon } from "../ui/Icon";

/** Installs the page as an app, where the browser offers that. */
export default function InstallEntry() {
  const { t } = useTranslation("install");
  return (
    <button
      type="button"
      data-testid="install"
      onClick={install}
      className="mb-1 flex min-h-9 items-center gap-2 rounded-control px-2 text-13 font-medium text-soft transition-colors hover:bg-ink/5 hover:text-ink"
    >
      <Icon name="save" size={16} />
      {t("install")}
    </button>
  );
}
