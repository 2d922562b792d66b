/** US dollars with as many digits as a small sum needs: $0.60, $0.00042, $0. */
export function money(dollars: number, language: string): string {
  const digits = dollars === 0 ? 0 : dollars >= 0.1 ? 2 : 1 - Math.floor(Math.log10(dollars));
  return new Intl.NumberFormat(language, {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: Math.min(digits, 8),
    maximumFractionDigits: Math.min(digits, 8),
  }).format(dollars);
}

export function rounded(value: number | null, language: string): string | null {
  return value === null ? null : new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(value);
}
