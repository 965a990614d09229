import { type ProtectedEvent, type Protection, protection, type Refusal } from "./protection.ts";
import type { CallerSession } from "./session-tokens.ts";

export type { ProtectedEvent, Protection } from "./protection.ts";
export type { CallerSession } from "./session-tokens.ts";

/** What a protected handler finds in its context. */
export interface SessionContext {
  /** Whose request it is. */
  session: CallerSession;
}

/** A request on its way through middy. */
interface MiddyRequest<Event> {
  readonly event: Event;
  readonly context: object;
}

/** What is answered in the handler's place. */
interface RefusalAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * A middy middleware that lets a request through to its handler only where the caller's session lives and may do `action`
 * on `resource`; `context.session` then says whose it is. Everything else is answered as the deployment would answer it.
 */
export function session<Event extends ProtectedEvent>(given: Protection<Event>) {
  const decide = protection(given);
  return {
    before: async ({ event, context }: MiddyRequest<Event>): Promise<RefusalAnswer | undefined> => {
      const verdict = await decide(event);
      if (!verdict.isAllowed) return answerOf(verdict.refusal);
      Object.assign(context, { session: verdict.session } satisfies SessionContext);
      return undefined;
    },
  };
}

function answerOf({ status, code, detail, challenge }: Refusal): RefusalAnswer {
  return {
    statusCode: status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
      ...(status === 503 || status === 429 ? { "retry-after": "1" } : {}),
    },
    body: JSON.stringify({ type: `urn:active-session:problem:${code}`, status, detail, code }),
  };
}
