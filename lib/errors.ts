/**
 * Every code that a client can meet, with contract section 1 as its source. The HTTP status of each is
 * decided in `lib/http/problem.ts` alone.
 */
export type ErrorCode =
  | "request.invalid"
  | "request.malformed"
  | "request.too_large"
  | "request.media_type"
  | "cursor.invalid"
  | "auth.required"
  | "auth.invalid_credentials"
  | "auth.token_expired"
  | "auth.token_invalid"
  | "auth.step_up_required"
  | "session.ended"
  | "session.limit_reached"
  | "mfa.invalid_code"
  | "mfa.challenge_expired"
  | "mfa.enrollment_required"
  | "refresh.invalid"
  | "refresh.reused"
  | "access.denied"
  | "not_found"
  | "method.not_allowed"
  | "conflict"
  | "precondition.failed"
  | "precondition.required"
  | "idempotency.mismatch"
  | "idempotency.in_progress"
  | "unprocessable"
  | "rate.limited"
  | "internal"
  | "unavailable";

/** One place in a request that is wrong: a JSON pointer (RFC 6901) into the body, or `/query/name`, `/path/name`, `/headers/name`. */
export interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

/** What an error may carry beside its code. `members` are added to the problem document as they are. */
export interface AppErrorOptions {
  readonly errors?: readonly FieldError[];
  readonly members?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A failure that was expected and that the caller is told about. Anything else thrown is a defect and answers 500. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly members: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail: string, options: AppErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.errors = options.errors;
    this.members = options.members ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The request is well formed and one of its fields is not acceptable. @throws AppError `request.invalid` */
export function invalidField(pointer: string, message: string): AppError {
  return new AppError("request.invalid", message, { errors: [{ pointer, message }] });
}

/** The one answer for missing, foreign and forbidden-to-see: no difference may be observed between them. */
export function notFound(): AppError {
  return new AppError("not_found", "There is no such thing here.");
}

/** Ends a `switch` over a union: a new member fails the type check here. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
