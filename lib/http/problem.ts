import { AppError, type ErrorCode, type FieldError } from "../errors.ts";

/** The one place where a code gets its HTTP status and its title (contract section 1). */
export const PROBLEMS: Readonly<Record<ErrorCode, readonly [status: number, title: string]>> = {
  "request.invalid": [400, "The request is not valid"],
  "request.malformed": [400, "The request cannot be read"],
  "request.too_large": [413, "The request is too large"],
  "request.media_type": [415, "The content type is not supported"],
  "cursor.invalid": [400, "The cursor is not valid"],
  "auth.required": [401, "Sign-in is required"],
  "auth.invalid_credentials": [401, "The credentials are not valid"],
  "auth.token_expired": [401, "The access token has expired"],
  "auth.token_invalid": [401, "The access token is not valid"],
  "auth.step_up_required": [401, "A recently verified factor is required"],
  "session.ended": [401, "The session has ended"],
  "session.limit_reached": [409, "The limit of concurrent sessions is reached"],
  "mfa.invalid_code": [401, "The code is not valid"],
  "mfa.challenge_expired": [401, "The challenge is over"],
  "mfa.enrollment_required": [403, "A second factor is required"],
  "refresh.invalid": [401, "The refresh token is not valid"],
  "refresh.reused": [401, "The refresh token was used before"],
  "access.denied": [403, "Access is denied"],
  not_found: [404, "Not found"],
  "method.not_allowed": [405, "The method is not allowed"],
  conflict: [409, "The request conflicts with the present state"],
  "precondition.failed": [412, "The precondition does not hold"],
  "precondition.required": [428, "A precondition is required"],
  "idempotency.mismatch": [422, "The idempotency key was used with another request"],
  "idempotency.in_progress": [409, "The first request with this idempotency key is still running"],
  unprocessable: [422, "The request cannot be carried out"],
  "rate.limited": [429, "Too many requests"],
  internal: [500, "Internal error"],
  unavailable: [503, "Temporarily unavailable"],
};

/** A problem document (RFC 9457) with this product's members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
  readonly [member: string]: unknown;
}

/** An error as an HTTP answer. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Problem;
}

/** The status that a code is answered with. */
export function statusOf(code: ErrorCode): number {
  return PROBLEMS[code][0];
}

/** Turns whatever was thrown into what the caller may know of it: defects become a bare 500. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError("internal", "Something went wrong on our side.", { cause: thrown });
}

/** Writes an error as `application/problem+json` with its challenge and retry headers. */
export function problemAnswer(error: AppError, requestId: string): ProblemAnswer {
  const [status, title] = PROBLEMS[error.code];
  return {
    status,
    headers: {
      "content-type": "application/problem+json",
      ...challengeHeaders(error, status),
      ...retryHeaders(error),
      ...allowHeaders(error),
    },
    body: {
      type: `urn:active-session:problem:${error.code}`,
      title,
      status,
      detail: error.message,
      code: error.code,
      requestId,
      ...(error.errors === undefined ? {} : { errors: error.errors }),
      ...error.members,
    },
  };
}

/** RFC 6750 section 3: no error code where no credentials came; RFC 9470 for step-up. */
function challengeHeaders(error: AppError, status: number): Record<string, string> {
  if (status !== 401) return {};
  if (error.code === "auth.required") return { "www-authenticate": "Bearer" };
  if (error.code === "auth.step_up_required") {
    const maxAge = Number(error.members["maxAgeSeconds"] ?? 300);
    return { "www-authenticate": `Bearer error="insufficient_user_authentication", max_age="${maxAge}"` };
  }
  return { "www-authenticate": `Bearer error="invalid_token", error_description="${error.code}"` };
}

/** The method is not one of those that the path has. */
export function methodNotAllowed(allow: readonly string[]): AppError {
  return new AppError("method.not_allowed", `This path takes ${allow.join(", ")}.`, { members: { allow } });
}

function allowHeaders(error: AppError): Record<string, string> {
  const allow = error.members["allow"];
  return error.code === "method.not_allowed" && Array.isArray(allow) ? { allow: allow.join(", ") } : {};
}

function retryHeaders(error: AppError): Record<string, string> {
  const seconds = error.retryAfterSeconds ?? (error.code === "unavailable" ? 1 : undefined);
  return seconds === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(seconds))) };
}
