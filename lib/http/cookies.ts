import { AppError } from "../errors.ts";
import type { HttpRequest } from "./request.ts";

/** `__Host-`: set by this very host over TLS, for all its paths and for no other host (RFC 6265bis section 4.1.3.2). */
const REFRESH_COOKIE = "__Host-refresh";

const ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Strict";

/** The cookie that carries a refresh token for as long as its session can live. */
export function refreshCookie(refreshToken: string, maxAgeSeconds: number): string {
  return `${REFRESH_COOKIE}=${refreshToken}; Max-Age=${Math.max(0, Math.floor(maxAgeSeconds))}; ${ATTRIBUTES}`;
}

/** What takes the cookie away. */
export const NO_REFRESH_COOKIE = `${REFRESH_COOKIE}=; Max-Age=0; ${ATTRIBUTES}`;

/**
 * The refresh token that a browser sent along, if it did.
 * @throws AppError `refresh.invalid` for two of them: one was put there by somebody else
 */
export function refreshCookieOf({ cookies }: Pick<HttpRequest, "cookies">): string | undefined {
  const values = cookies
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(`${REFRESH_COOKIE}=`))
    .map((cookie) => cookie.slice(REFRESH_COOKIE.length + 1));
  if (values.length > 1) throw new AppError("refresh.invalid", "The refresh cookie was sent more than once.");
  return values[0];
}

const OWN_SITE: readonly (string | undefined)[] = ["same-origin", "same-site"];

/**
 * Holds a request that its cookie speaks for to the pages that may send it: `Origin` must be one of those allowed, and
 * `Sec-Fetch-Site` must say that it is of our own site. A request without the two is none of a browser's page.
 * @throws AppError `access.denied`
 */
export function checkOrigin(
  { headers }: Pick<HttpRequest, "headers">,
  allowedOrigins: readonly string[],
): void {
  const { origin, "sec-fetch-site": site } = headers;
  if (origin === undefined || !allowedOrigins.includes(origin) || !OWN_SITE.includes(site)) {
    throw new AppError("access.denied", "A cookie is taken from the service's own pages only.");
  }
}
