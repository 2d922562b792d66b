import type { Row } from "./board";

type Cell = string | number | boolean | null;

const COLUMNS: [string, (row: Row) => Cell][] = [
  ["contestant", (row) => row.contestant],
  ["name", (row) => row.name],
  ["organization", (row) => row.organization],
  ["license", (row) => row.license],
  ["rank", (row) => row.rank],
  ["rank_best", (row) => row.rank_best],
  ["rank_worst", (row) => row.rank_worst],
  ["rating", (row) => row.rating],
  ["lower", (row) => row.lower],
  ["upper", (row) => row.upper],
  ["votes", (row) => row.votes],
  ["wins", (row) => row.wins],
  ["losses", (row) => row.losses],
  ["ties", (row) => row.ties],
  ["component", (row) => row.component],
  ["preliminary", (row) => row.preliminary],
  ["reason", (row) => row.reason],
  ["separated_from_next", (row) => row.separated_from_next],
  ["price_input_usd_per_million_tokens", (row) => row.price?.input ?? null],
  ["price_output_usd_per_million_tokens", (row) => row.price?.output ?? null],
  ["context_tokens", (row) => row.context],
];

/** Rows as RFC 4180 CSV; what is not known is an empty cell. */
export function toCsv(rows: Row[]): string {
  const lines = [
    COLUMNS.map(([name]) => name),
    ...rows.map((row) => COLUMNS.map(([, value]) => csvCell(value(row)))),
  ];
  return `${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

/**
 * One cell. Names come from whoever runs a model, and spreadsheets run a text that begins like a formula:
 * such a text gets an apostrophe in front. Numbers stay as they are.
 */
export function csvCell(value: Cell): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const harmless = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
