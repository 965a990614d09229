/** A refusal as the API words it (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId?: string;
  readonly errors?: ReadonlyArray<{ readonly pointer: string; readonly message: string }>;
  readonly [member: string]: unknown;
}

/** The API said no. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** Seconds to wait, where the API named them. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** Nobody answered: the network or the service is away. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super("The service cannot be reached.", { cause });
  }
}

/** Reads a refusal from its answer, whoever wrote it: a gateway's own carries no problem document. */
export async function refusalOf(answer: Response): Promise<ApiError> {
  const text = await answer.text();
  const after = Number(answer.headers.get("retry-after") ?? Number.NaN);
  return new ApiError(problemFrom(text, answer.status), Number.isFinite(after) ? after : undefined);
}

function problemFrom(text: string, status: number): Problem {
  try {
    const document: unknown = JSON.parse(text);
    if (isProblem(document)) return document;
  } catch {
    // Not JSON: told below by its status.
  }
  return {
    status,
    code: "unknown",
    title: "The service refused",
    detail: `It answered with status ${status}.`,
  };
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}

const WORDS: Readonly<Record<string, string>> = {
  "auth.invalid_credentials": "That email and password do not match.",
  "mfa.invalid_code": "That code is not right. Codes work once: wait for the next one and try again.",
  "mfa.challenge_expired": "This sign-in took too long or had too many wrong codes. Please begin again.",
  "mfa.enrollment_required": "This needs a second factor, and you have none yet: add one under Your account.",
  "auth.step_up_required": "This needs a factor that was verified a moment ago.",
  unavailable: "The service is busy at the moment. Nothing was changed; please try again.",
  internal: "Something went wrong on the service's side. Nothing that you did caused it.",
};

/** What went wrong, in words for a person: the sentence that helps most, and the fields that were refused. */
export function explain(error: unknown): string {
  if (error instanceof Unreachable) return "The service cannot be reached. Check your connection.";
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : "Something went wrong.";
  const { problem, retryAfterSeconds } = error;
  if (problem.code === "rate.limited") {
    return `Too many attempts. Try again in ${retryAfterSeconds ?? "a few"} seconds.`;
  }
  const fields = problem.errors?.map(
    ({ pointer, message }) => `${pointer.slice(1) || "The body"} ${message}`,
  );
  const words = WORDS[problem.code] ?? (problem.detail || problem.title);
  const why = typeof problem["explain"] === "string" ? ` ${problem["explain"]}` : "";
  return fields === undefined || fields.length === 0 ? `${words}${why}` : `${fields.join(". ")}.`;
}
