import { DropdownMenu } from "radix-ui";
import { useTranslation } from "react-i18next";
import { Icon } from "../../ui/Icon";
import { save } from "../download";
import type { Board, Row } from "../model/board";
import { toCsv } from "../model/csv";
import { CONTENT, ITEM, TRIGGER } from "./menu";

/** The shown rows as a file. */
export function DownloadMenu({ board, shown }: { board: Board; shown: Row[] }) {
  const { t } = useTranslation("boards");
  const csv = () => save(`${board.slug}.csv`, "text/csv;charset=utf-8", toCsv(shown));
  const json = () =>
    save(`${board.slug}.json`, "application/json", JSON.stringify({ ...board, rows: shown }, null, 2));
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={TRIGGER} data-testid="board-download">
        {t("download.label")}
        <Icon name="chevron" size={16} className="text-soft" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={CONTENT} align="end" sideOffset={4}>
          <DropdownMenu.Item className={ITEM} onSelect={csv}>
            {t("download.csv")}
          </DropdownMenu.Item>
          <DropdownMenu.Item className={ITEM} onSelect={json}>
            {t("download.json")}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
