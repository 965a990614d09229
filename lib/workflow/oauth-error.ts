import { AppError, type ErrorCode } from "../errors.ts";

/** The names that OAuth has for a refusal (RFC 6749 section 5.2, RFC 8693 section 2.2.2). */
export type OAuthErrorName =
  | "invalid_request"
  | "invalid_client"
  | "invalid_target"
  | "unauthorized_client"
  | "unsupported_grant_type";

/** What a refusal by an OAuth name goes on record as. */
const CODES: Readonly<Record<OAuthErrorName, ErrorCode>> = {
  invalid_request: "request.invalid",
  invalid_client: "auth.invalid_credentials",
  invalid_target: "request.invalid",
  unauthorized_client: "access.denied",
  unsupported_grant_type: "request.invalid",
};

/** A refusal that OAuth has a name for. */
export class OAuthError extends AppError {
  readonly oauthName: OAuthErrorName;

  constructor(oauthName: OAuthErrorName, detail: string, code: ErrorCode = CODES[oauthName]) {
    super(code, detail);
    this.oauthName = oauthName;
  }
}

/** A client that is not known, with a wrong secret, or whose key is over: which of them is not said. */
export function invalidClient(): OAuthError {
  return new OAuthError("invalid_client", "The client is not known, or its secret is wrong.");
}

/** A token that cannot be exchanged, for whatever reason (RFC 8693 section 2.2.2). */
export function invalidSubject(detail: string): OAuthError {
  return new OAuthError("invalid_request", detail, "auth.token_invalid");
}
