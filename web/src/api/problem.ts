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

/** Reads the problem document of a failed answer; an answer without one (a proxy's page, say) is `unavailable`. */
export async function problemFrom(response: Response): Promise<Problem> {
  try {
    const document = (await response.json()) as Partial<ProblemDocument>;
    if (typeof document.code === "string") {
      return new Problem({ ...document, code: document.code, status: response.status });
    }
  } catch {
    // Not JSON: fall through.
  }
  return new Problem({ code: response.status >= 500 ? "unavailable" : "failed", status: response.status });
}
