import { type Columns, WIDE, WIDEST } from "./columns";

/**
 * Empty cells under the columns that only wide pages have, behind a cell that spans the first three. One that
 * spanned them all would make columns of its own on a narrow page.
 */
export function Filler({ columns, className }: { columns: Columns; className: string }) {
  const widest = Number(columns.price) + Number(columns.context);
  return (
    <>
      <td colSpan={2} className={`${className} ${WIDE}`} />
      {widest > 0 && <td colSpan={widest} className={`${className} ${WIDEST}`} />}
    </>
  );
}
