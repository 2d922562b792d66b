const given = new WeakMap<object, string>();

/** The nonce of one question, the same however often it is sent: it names the question, so that it is asked once. */
export function nonceOf(question: object): string {
  const known = given.get(question) ?? clientNonce();
  given.set(question, known);
  return known;
}

/** A random value of the page's own that takes part in the draw, so that the server alone cannot steer it. */
function clientNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
