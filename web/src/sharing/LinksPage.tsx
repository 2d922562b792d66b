import { useTranslation } from "react-i18next";
import { Sheet } from "../account/Sheet";
import { useTitle } from "../app/useTitle";
import { Notice } from "../ui/Notice";
import { ShareList } from "./ShareList";
import { useShares } from "./useShares";
import { useSharingProblem } from "./useSharingProblem";

/** All that one has shared. */
export default function LinksPage() {
  const { t } = useTranslation("sharing");
  const problemText = useSharingProblem();
  const { shares, revoke } = useShares();
  useTitle(t("links"));
  return (
    <Sheet title={t("links")}>
      {shares.error && (
        <Notice tone="wrong" live testId="problem">
          <p>{problemText(shares.error)}</p>
        </Notice>
      )}
      <ShareList heading={t("all")} shares={shares.data} revoke={revoke} titled />
    </Sheet>
  );
}
