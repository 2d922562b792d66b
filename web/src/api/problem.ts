/** The members of a problem document (RFC 9457) that the page makes use of. */
export interface ProblemDocument {
  code: string;
  status?: number;
  detail?: string;
  limit?: number;
  retry_after?: number;
  retry_at?: string;
}

/** Something the server refused, or could not do, with a code that the page translates. */
export class Problem extends Error {
  readonly document: ProblemDocument;

  constructor(document: ProblemDocument) {
    super(document.detail ?? document.code);
    this.name = "Problem";
    this.document = document;
  }
}

/** The problem in a failed answer's body; a body without one (a proxy's page, say) is `unavailable`. */
export function problemFrom(status: number, body: unknown): Problem {
  if (typeof body === "object" && body !== null && "code" in body && typeof body.code === "string") {
    return new Problem({ ...body, code: body.code, status });
  }
  return new Problem({ code: status >= 500 ? "unavailable" : "failed", status });
}
