interface FigureTableProps {
  caption: string;
  head: string[];
  /** What a row is of comes first. */
  rows: string[][];
}

/** What a plot draws, as numbers. */
export function FigureTable({ caption, head: [first, ...heads], rows }: FigureTableProps) {
  return (
    <table className="mt-4 w-full max-w-3xl">
      <caption className="sr-only">{caption}</caption>
      <thead className="text-13 text-soft">
        <tr>
          <th scope="col" className="py-1.5 pe-2 text-start font-normal">
            {first}
          </th>
          {heads.map((name) => (
            <th key={name} scope="col" className="py-1.5 ps-2 text-end font-normal text-balance">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...values]) => (
          <tr key={[name, ...values].join()} className="border-t border-line">
            <th scope="row" className="min-w-18 py-1.5 pe-2 text-start font-normal wrap-anywhere">
              {name}
            </th>
            {values.map((value, index) => (
              <td key={heads[index]} className="py-1.5 ps-2 text-end tabular-nums">
                {value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
