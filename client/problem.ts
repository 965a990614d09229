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
  /** With `access.denied`, for those who may know: which statement decided. */
  readonly explain?: string;
  /** With `session.limit_reached` in a sign-in: what to go on with, and the sessions of which one may be ended. */
  readonly challengeToken?: string;
  readonly sessions?: readonly SessionChoice[];
}

/** A session that could be ended in favour of a new one. */
export interface SessionChoice {
  readonly id: string;
  readonly device: {
    readonly browser: string;
    readonly os: string;
    readonly type: string;
    readonly name?: string;
  };
  readonly ip: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

/** Thrown for every answer that is no success; `code` is one of the contract's, or `network` where there was none. */
export class ActiveSessionError extends Error {
  readonly problem: ProblemDocument;
  /** How long to wait before trying again, where the service said. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    problem: ProblemDocument,
    options: ErrorOptions & { readonly retryAfterSeconds?: number } = {},
  ) {
    super(problem.detail ?? problem.title, options);
    this.name = "ActiveSessionError";
    this.problem = problem;
    this.retryAfterSeconds = options.retryAfterSeconds;
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
  const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
  return new ActiveSessionError(problem, Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {});
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
