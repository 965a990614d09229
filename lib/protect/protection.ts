import { type CallerSession, sessionTokens } from "./session-tokens.ts";

/** The part of an HTTP API event (payload 2.0), or of its authorizer's, that protecting reads. */
export interface ProtectedEvent {
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | undefined;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | undefined;
}

/** What a function is protected by. */
export interface Protection<Event extends ProtectedEvent = ProtectedEvent> {
  /** What the function does: `noun:verb`, as roles name it. */
  readonly action: string;
  /** What it does it to: `type/id`, or how an event names it. */
  readonly resource: string | ((event: Event) => string);
  /** The deployment's address, its tokens' `iss`. Default: the environment's `ACTIVE_SESSION_ISSUER`. */
  readonly issuer?: string;
  /** Its tokens' `aud`. Default: the environment's `ACTIVE_SESSION_AUDIENCE`, or `active-session`. */
  readonly audience?: string;
  /** How the deployment is called. Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
}

/** Why a request is not let through, as the deployment itself would say it (RFC 9457). */
export interface Refusal {
  readonly status: 401 | 403 | 429 | 503;
  readonly code: string;
  readonly detail: string;
  /** RFC 6750 and RFC 9470. */
  readonly challenge?: string;
}

/** The answer to one request. */
export type Verdict =
  | { readonly isAllowed: true; readonly session: CallerSession }
  | { readonly isAllowed: false; readonly refusal: Refusal };

const REQUEST_LIMIT_MS = 3000;

/**
 * Asks a deployment about requests: the token is checked here by its published keys, and whether its session lives and may
 * do this is asked there each time (OpenID AuthZEN 1.0), so that a revoked session is refused at once. What cannot be asked
 * is not let through.
 */
export function protection<Event extends ProtectedEvent>(
  given: Protection<Event>,
): (event: Event) => Promise<Verdict> {
  const settings = settingsOf(given);
  const sessionOf = sessionTokens(settings);
  return async (event) => {
    const [, token] = /^bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(authorization(event)) ?? [];
    if (token === undefined) {
      return refused({
        status: 401,
        code: "auth.required",
        detail: "Send an access token.",
        challenge: "Bearer",
      });
    }
    try {
      const session = await sessionOf(token);
      if (session === undefined) return refused(INVALID);
      const refusal = await ask(settings, token, questionOf(given, event));
      return refusal === undefined ? { isAllowed: true, session } : refused(refusal);
    } catch {
      return refused(UNAVAILABLE);
    }
  };
}

const INVALID: Refusal = {
  ...{ status: 401, code: "auth.token_invalid", detail: "The access token is not valid." },
  challenge: 'Bearer error="invalid_token"',
};

const UNAVAILABLE: Refusal = {
  ...{ status: 503, code: "unavailable", detail: "Whether this is allowed cannot be told now: try again." },
};

function refused(refusal: Refusal): Verdict {
  return { isAllowed: false, refusal };
}

function settingsOf<Event extends ProtectedEvent>(given: Protection<Event>) {
  const issuer = given.issuer ?? process.env["ACTIVE_SESSION_ISSUER"];
  if (issuer === undefined)
    throw new Error("Say where the deployment is: `issuer` or ACTIVE_SESSION_ISSUER.");
  const audience = given.audience ?? process.env["ACTIVE_SESSION_AUDIENCE"] ?? "active-session";
  return { issuer, audience, fetch: given.fetch ?? fetch, now: given.now ?? Date.now };
}

/** An authorizer gets the headers as they were written. */
function authorization({ headers = {} }: ProtectedEvent): string {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization")?.[1] ?? "";
}

function questionOf<Event extends ProtectedEvent>({ action, resource }: Protection<Event>, event: Event) {
  const name = typeof resource === "string" ? resource : resource(event);
  const slash = name.indexOf("/");
  return { action: { name: action }, resource: { type: name.slice(0, slash), id: name.slice(slash + 1) } };
}

interface Answer {
  readonly decision?: boolean;
  readonly context?: { readonly reason?: string; readonly maxAgeSeconds?: number };
  readonly code?: string;
  readonly detail?: string;
}

/** `undefined` is the only yes. */
async function ask(
  { issuer, fetch }: ReturnType<typeof settingsOf>,
  token: string,
  question: ReturnType<typeof questionOf>,
): Promise<Refusal | undefined> {
  const answer = await fetch(`${issuer}/access/v1/evaluation`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(question),
    signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
  });
  const { status } = answer;
  const said = (await answer.json()) as Answer;
  if (answer.ok) return said.decision === true ? undefined : refusalOf(said);
  if (status !== 401 && status !== 403 && status !== 429) return UNAVAILABLE;
  const challenge = answer.headers.get("www-authenticate");
  const { code = "access.denied", detail = "This is not allowed." } = said;
  return { status, code, detail, ...(challenge === null ? {} : { challenge }) };
}

function refusalOf({ context: { reason, maxAgeSeconds = 300 } = {} }: Answer): Refusal {
  switch (reason) {
    case "step_up_required":
      return {
        ...{
          status: 401,
          code: "auth.step_up_required",
          detail: "Verify a factor again, then repeat the request.",
        },
        challenge: `Bearer error="insufficient_user_authentication", max_age="${maxAgeSeconds}"`,
      };
    case "enrollment_required":
      return {
        status: 403,
        code: "mfa.enrollment_required",
        detail: "This needs a second factor: add one first.",
      };
    default:
      return { status: 403, code: "access.denied", detail: "You may not do this." };
  }
}
