const PLACEHOLDER = /\{\{ *([^{}\s][^{}\n]{0,39}?) *\}\}/g;

/** What stands in `{{…}}` in a prompt, each once, in order. */
export const placeholdersOf = (text: string): string[] => [
  ...new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name ?? "")),
];

/** The prompt with these values in place; what has none stays as it is, and a value is not looked into. */
export const filledIn = (text: string, values: Record<string, string>): string =>
  text.replace(PLACEHOLDER, (whole, name: string) => values[name] || whole);
