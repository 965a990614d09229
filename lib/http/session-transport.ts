import { invalidField } from "../errors.ts";
import type { HttpRequest } from "./request.ts";

/** How a client wants its refresh token: in the answer's body, or in a cookie that no script can read. */
export type SessionTransport = "body" | "cookie";

/**
 * Reads `X-Session-Transport`.
 * @throws AppError `request.invalid` at `/headers/x-session-transport`
 */
export function sessionTransport({ headers }: Pick<HttpRequest, "headers">): SessionTransport {
  const wanted = headers["x-session-transport"];
  if (wanted === undefined) return "body";
  if (wanted.toLowerCase() === "cookie") return "cookie";
  throw invalidField("/headers/x-session-transport", "must be: cookie");
}
