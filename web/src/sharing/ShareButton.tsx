import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { Fetched } from "../ui/Fetched";
import { Icon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { useFetchedDialog } from "../ui/useFetchedDialog";
import type { Sharable } from "./endpoints";
import type { Result } from "./useResultWords";

const loadDialog = () => import("./ShareDialog");

interface ShareButtonProps {
  what: Sharable;
  /** What a battle came to, for its card. */
  result?: Result;
  /** Among other buttons with words, rather than in a bar of drawings. */
  worded?: boolean;
}

/** The way to the links of a chat or a battle. */
export default function ShareButton({ what, result, worded }: ShareButtonProps) {
  const { t } = useTranslation("sharing");
  const { Dialog: ShareDialog, open, close } = useFetchedDialog(loadDialog);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      {worded ? (
        <Button ref={button} data-testid="share-battle" onClick={open}>
          <Icon name="link" size={17} className="max-md:hidden" />
          {t("share")}
        </Button>
      ) : (
        <IconButton
          ref={button}
          icon="link"
          label={t("title.conversation")}
          data-testid="share-chat"
          onClick={open}
        />
      )}
      {ShareDialog && (
        <Fetched instead={null}>
          <ShareDialog what={what} result={result} opener={button} onClose={close} />
        </Fetched>
      )}
    </>
  );
}
