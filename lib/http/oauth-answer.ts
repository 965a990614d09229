import type { AppError } from "../errors.ts";
import { OAuthError } from "../workflow/oauth-error.ts";
import { type ProblemAnswer, problemAnswer, statusOf } from "./problem.ts";

/** Every name that OAuth's endpoints refuse by. */
export const OAUTH_ERRORS = [
  "invalid_request",
  "invalid_client",
  "invalid_target",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_token",
  "server_error",
  "temporarily_unavailable",
] as const;

/** How OAuth's endpoints refuse (RFC 6749 section 5.2). */
interface OAuthErrorDocument {
  readonly error: (typeof OAUTH_ERRORS)[number];
  readonly error_description: string;
}

/** An error as OAuth's endpoints answer it. */
export interface OAuthAnswer extends Omit<ProblemAnswer, "body"> {
  readonly body: OAuthErrorDocument;
}

/**
 * Writes an error in OAuth's form: 400 but for a client that is not known (401) and for what is on our side. What has no
 * name of OAuth's is refused as the request that it came with.
 */
export function oauthAnswer(error: AppError): OAuthAnswer {
  const { headers } = problemAnswer(error, "");
  const { "content-type": _problem, "www-authenticate": challenge, ...others } = headers;
  const [status, name] = named(error);
  return {
    status,
    headers: {
      "content-type": "application/json",
      ...others,
      // The client may have shown itself by this scheme, and can in any case.
      ...(name === "invalid_client" ? { "www-authenticate": 'Basic realm="Active Session"' } : {}),
      ...(name === "invalid_token" && challenge !== undefined ? { "www-authenticate": challenge } : {}),
    },
    body: { error: name, error_description: printable(error.message) },
  };
}

function named(error: AppError): readonly [status: number, name: OAuthErrorDocument["error"]] {
  if (error instanceof OAuthError) return [error.oauthName === "invalid_client" ? 401 : 400, error.oauthName];
  const status = statusOf(error.code);
  if (error.code === "internal") return [status, "server_error"];
  // Too many sessions, as too many requests, are so for a while.
  if (status === 429 || status === 503 || status === 409) return [status, "temporarily_unavailable"];
  if (status === 401) return [status, "invalid_token"];
  if (status === 403) return [400, "unauthorized_client"];
  return [status === 413 ? status : 400, "invalid_request"];
}

/** RFC 6749 section 5.2 has ASCII without quotes and backslashes. */
function printable(text: string): string {
  return text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'");
}
