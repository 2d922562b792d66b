import createClient from "openapi-fetch";
import { Problem, problemFrom } from "./problem";
import type { paths } from "./schema";

/** The server's API, typed by its OpenAPI document. */
export const api = createClient<paths>({ fetch: (request: Request) => fetch(request) });

interface Outcome<Data> {
  data?: Data;
  response: Response;
  error?: unknown;
}

/**
 * What a request gave back.
 *
 * Throws a {@link Problem} for every answer that is not a success, and for a server that cannot be reached
 * (code `unreachable`).
 */
export async function answerOf<Data>(request: Promise<Outcome<Data>>): Promise<Data> {
  let outcome: Outcome<Data>;
  try {
    outcome = await request;
  } catch {
    throw new Problem({ code: "unreachable" });
  }
  if (!outcome.response.ok) throw problemFrom(outcome.response.status, outcome.error);
  return outcome.data as Data;
}
