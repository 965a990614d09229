import { AppError } from "../errors.ts";

/** What an `Authorization` header carries. */
export interface Credentials {
  readonly scheme: "bearer" | "challenge";
  readonly token: string;
}

// The gateway joins repeated headers with a comma, which no token has: two of them are refused here as well.
const AUTHORIZATION = /^([A-Za-z]+) ([A-Za-z0-9._~+/=-]+)$/;

/**
 * Reads the `Authorization` header (RFC 6750 section 2.1; the scheme in any case, one space).
 * @throws AppError `auth.required` without one, `auth.token_invalid` for what is not of the form
 */
export function credentialsOf(headers: Readonly<Record<string, string>>): Credentials {
  const header = headers["authorization"];
  if (header === undefined)
    throw new AppError("auth.required", "Send an access token: Authorization: Bearer …");
  const [, name = "", token = ""] = AUTHORIZATION.exec(header) ?? [];
  const scheme = name.toLowerCase();
  if (scheme !== "bearer" && scheme !== "challenge") {
    throw new AppError("auth.token_invalid", "The Authorization header is not of the form: Bearer token.");
  }
  return { scheme, token };
}
