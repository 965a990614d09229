import { AppError } from "../errors.ts";

/** What an `Authorization` header carries. */
export interface Credentials {
  readonly scheme: "bearer" | "challenge";
  readonly token: string;
}

/**
 * Reads the `Authorization` header (RFC 6750 section 2.1; the scheme in any case, one space). What the token is made of is
 * for whoever checks it to say; two headers, which a gateway joins with a comma, make none that is good.
 * @throws AppError `auth.required` without one, `auth.token_invalid` for what is not of the form
 */
export function credentialsOf(headers: Readonly<Record<string, string>>): Credentials {
  const header = headers["authorization"];
  if (header === undefined)
    throw new AppError("auth.required", "Send an access token: Authorization: Bearer …");
  const space = header.indexOf(" ");
  const scheme = header.slice(0, Math.max(space, 0)).toLowerCase();
  const token = header.slice(space + 1);
  if ((scheme !== "bearer" && scheme !== "challenge") || token === "") {
    throw new AppError("auth.token_invalid", "The Authorization header is not of the form: Bearer token.");
  }
  return { scheme, token };
}
