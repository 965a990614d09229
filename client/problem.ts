/** A refusal or failure as the service tells it (RFC 9457). */
export interface ProblemDocument {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: ReadonlyArray<{ readonly pointer: string; readonly message: string }>;
  /** With `auth.step_up_required`: how old a verified factor may be. */
  readonly maxAgeSeconds?: number;
  /** With `session.ended`: why. */
  readonly reason?: string;
}

/** Thrown for every answer that is no success; `code` is one of the contract's, or `network` where there was none. */
export class ActiveSessionError extends Error {
  readonly problem: ProblemDocument;

  constructor(problem: ProblemDocument, options?: ErrorOptions) {
    super(problem.detail ?? problem.title, options);
    this.name = "ActiveSessionError";
    this.problem = problem;
  }

  /** What went wrong, in a word: `access.denied`. */
  get code(): string {
    return this.problem.code;
  }
}

/** Reads the problem of an answer; what is no problem document, a proxy's page for one, becomes one. */
export async function problemOf(answer: Response): Promise<ActiveSessionError> {
  const text = await answer.text();
  const found = parsed(text);
  const problem = { status: answer.status, code: "unknown", title: `HTTP ${answer.status}`, ...found };
  return new ActiveSessionError(problem);
}

function parsed(text: string): Partial<ProblemDocument> {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null ? document : {};
  } catch {
    // Not JSON: the status alone says what it is.
    return {};
  }
}
