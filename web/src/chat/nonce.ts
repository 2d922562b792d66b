const given = new Map<string, string>();

/**
 * The nonce of what is asked for, the same however often it is sent, by the page or by another press: it names the
 * question, so that it is asked once. Until `forgetNonce`, which comes when it has been done.
 */
export function nonceOf(question: object): string {
  const key = JSON.stringify(question);
  const known = given.get(key) ?? clientNonce();
  given.set(key, known);
  return known;
}

/** Whoever asks the same once more means it. */
export function forgetNonce(question: object): void {
  given.delete(JSON.stringify(question));
}

/** A random value of the page's own that takes part in the draw, so that the server alone cannot steer it. */
function clientNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
