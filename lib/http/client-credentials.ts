import { invalidClient, OAuthError } from "../workflow/oauth-error.ts";
import type { ShownKey } from "../workflow/sign-in-with-key.ts";

/** What a form has of the client that sends it. */
export interface ClientMembers {
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
}

const BASIC = /^basic +([A-Za-z0-9+/]+=*)$/i;

/**
 * Reads who a client says that it is (RFC 6749 section 2.3.1): by `Authorization: Basic` or in the form, and never by
 * both. `undefined` for a client that shows no secret.
 * @throws OAuthError `invalid_request`, `invalid_client` for a header that cannot be read
 */
export function shownKeyOf(
  headers: Readonly<Record<string, string>>,
  { client_id, client_secret }: ClientMembers,
): ShownKey | undefined {
  const header = headers["authorization"];
  if (header === undefined || !/^basic\b/i.test(header)) {
    if (client_secret === undefined) return undefined;
    if (client_id === undefined) throw new OAuthError("invalid_request", "client_secret needs a client_id.");
    return { clientId: client_id, clientSecret: client_secret };
  }
  if (client_secret !== undefined) throw new OAuthError("invalid_request", "Show the secret in one way.");
  const shown = readBasic(header);
  if (client_id !== undefined && client_id !== shown.clientId) {
    throw new OAuthError("invalid_request", "The client_id is another than the header's.");
  }
  return shown;
}

/** Both parts are form-encoded before they are joined. */
function readBasic(header: string): ShownKey {
  const [, encoded] = BASIC.exec(header) ?? [];
  if (encoded === undefined) throw invalidClient();
  try {
    const [clientId = "", ...rest] = atob(encoded).split(":");
    if (rest.length !== 1) throw invalidClient();
    return { clientId: decoded(clientId), clientSecret: decoded(rest.join()) };
  } catch {
    throw invalidClient();
  }
}

function decoded(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
