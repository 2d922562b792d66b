import { useTranslation } from "react-i18next";
import { useLicenseText } from "../../ui/useLicenseText";
import { spread, useFormat } from "../format";
import { isRated, type Row } from "../model/board";

interface Props {
  row: Row;
  className: string;
  /** The neighbours' expected scores in words, for whoever cannot see them beside the row. */
  description: string | null;
  open: boolean;
  stop: boolean;
  onFocus: () => void;
  onToggle: () => void;
}

export function RowName({ row, className, description, open, stop, onFocus, onToggle }: Props) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const licenseText = useLicenseText();
  const descriptionId = `expected-${row.contestant}`;
  const quiet = [row.organization, licenseText(row.license)].filter(Boolean).join(" · ");
  return (
    <th scope="row" className={`${className} relative text-start font-normal`}>
      <button
        type="button"
        data-row={row.contestant}
        tabIndex={stop ? 0 : -1}
        aria-expanded={open}
        aria-describedby={description ? descriptionId : undefined}
        onFocus={onFocus}
        onClick={onToggle}
        className="block min-h-6 max-w-full scroll-mt-32 scroll-mb-12 rounded-control text-start wrap-anywhere after:absolute after:inset-0"
      >
        {row.name}
      </button>
      <span className="block text-13 text-soft">
        {isRated(row) && (
          <span aria-hidden="true" className="block tabular-nums @2xl:hidden">
            {format.points(row.rating)} {spread(row, format)}
          </span>
        )}
        <span className="hidden @2xl:inline">{quiet}</span>
        {row.preliminary && (
          <>
            {quiet && (
              <span aria-hidden="true" className="hidden @2xl:inline">
                {" · "}
              </span>
            )}
            <span className="whitespace-nowrap text-ink">{t("preliminary")}</span>
          </>
        )}
      </span>
      {description && (
        <span id={descriptionId} hidden>
          {description}
        </span>
      )}
    </th>
  );
}
