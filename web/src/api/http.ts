import { Problem, problemFrom } from "./problem";

const BASE = "/api/v1";

/**
 * One JSON request to the server.
 *
 * Throws a {@link Problem} for every answer that is not a success, and for a server that cannot be
 * reached (code `unreachable`).
 */
export async function request<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers: body === undefined ? undefined : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      // A vote that is still held when the page closes is sent on the way out.
      keepalive: method === "POST",
    });
  } catch {
    throw new Problem({ code: "unreachable" });
  }
  if (!response.ok) throw await problemFrom(response);
  return (await response.json()) as T;
}
