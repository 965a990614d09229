import { type ProtectedEvent, type Protection, protection } from "./protection.ts";

export type { ProtectedEvent, Protection } from "./protection.ts";

/** What an HTTP API takes from an authorizer with simple responses; `context` comes to the function. */
export interface AuthorizerAnswer {
  readonly isAuthorized: boolean;
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Makes an HTTP API Lambda authorizer (payload 2.0, simple responses): the gateway calls the function only where the
 * caller's session lives and may do `action` on `resource`. It must not be cached (`resultTtlInSeconds: 0`): a yes of five
 * minutes ago says nothing of a session that was revoked since.
 * @throws Error `Unauthorized`, which the gateway answers with 401, for a token that is none or whose session is over; an
 * Error, which it answers with 500, where the deployment cannot be asked
 */
export function sessionAuthorizer<Event extends ProtectedEvent>(
  given: Protection<Event>,
): (event: Event) => Promise<AuthorizerAnswer> {
  const decide = protection(given);
  return async (event) => {
    const verdict = await decide(event);
    if (verdict.isAllowed) {
      const { tenantId, userId, sessionId } = verdict.session;
      return { isAuthorized: true, context: { tenantId, userId, sessionId } };
    }
    const { status, code, detail } = verdict.refusal;
    if (status === 401) throw new Error("Unauthorized");
    if (status !== 403) throw new Error(`${code}: ${detail}`);
    return { isAuthorized: false, context: { code } };
  };
}
