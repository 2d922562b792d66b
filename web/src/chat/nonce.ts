/** A random value of the page's own that takes part in the draw, so that the server alone cannot steer it. */
export function clientNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
