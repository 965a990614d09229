import { OAUTH_ERRORS } from "./oauth-answer.ts";
import { PROBLEMS } from "./problem.ts";

/** A JSON Schema, or any other object of the document that is only carried. */
export type JsonObject = { readonly [member: string]: unknown };

type Components = Readonly<Record<string, JsonObject>>;

/** Headers of an answer, as references by their names on the wire. */
export function headerRefs(names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.map((name) => [HEADER_NAMES[name] ?? name, { $ref: `#/components/headers/${name}` }]),
  );
}

/** One response for each status that a problem can have, and one for any other. */
export function problemResponses(): Components {
  const byStatus = Map.groupBy(Object.entries(PROBLEMS), ([, [status]]) => status);
  const responses = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, problems]) => [
      `Problem${status}`,
      problemResponse(problems.map(([code, [, title]]) => `\`${code}\`: ${title}.`).join(" "), status),
    ]);
  return { Problem: problemResponse("Any other problem."), ...Object.fromEntries(responses) };
}

function problemResponse(description: string, status?: number): JsonObject {
  const headers = ["RequestId", ...(HEADERS_BY_STATUS[status ?? 0] ?? [])];
  return {
    description,
    headers: headerRefs(headers),
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
}

const HEADERS_BY_STATUS: Readonly<Record<number, readonly string[]>> = {
  401: ["WWWAuthenticate"],
  405: ["Allow"],
  429: ["RetryAfter"],
  503: ["RetryAfter"],
};

const HEADER_NAMES: Readonly<Record<string, string>> = {
  RequestId: "X-Request-Id",
  WWWAuthenticate: "WWW-Authenticate",
  RetryAfter: "Retry-After",
};

/** Headers of answers, by the name of their component. */
export const HEADERS: Components = {
  RequestId: { description: "Names this request, also on its activity record.", schema: { type: "string" } },
  ETag: { description: "The document's version.", schema: { type: "string", examples: ['"3"'] } },
  WWWAuthenticate: { description: "RFC 6750 and RFC 9470.", schema: { type: "string" } },
  RetryAfter: { description: "Seconds to wait.", schema: { type: "integer", minimum: 1 } },
  Allow: { description: "The methods that the path has.", schema: { type: "string" } },
};

/** Headers of requests that the factory itself reads. */
export const PARAMETERS: Components = {
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description: "Makes the write happen once, however often it is sent.",
    schema: { type: "string", pattern: "^[ -~]{1,255}$" },
  },
  IfMatch: {
    name: "If-Match",
    in: "header",
    description: "The `ETag` of the version that this write is to replace.",
    schema: { type: "string" },
  },
  TaskId: {
    name: "X-Task-Id",
    in: "header",
    description: "The task that this request belongs to.",
    schema: { type: "string", pattern: "^[A-Za-z0-9._:-]{1,64}$" },
  },
  TraceParent: {
    name: "traceparent",
    in: "header",
    description: "W3C Trace Context.",
    schema: { type: "string" },
  },
};

/** How a caller shows who it is. */
export const SECURITY_SCHEMES: Components = {
  bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "An access token." },
  client: { type: "http", scheme: "basic", description: "An API key's id and secret (RFC 6749)." },
  challenge: {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description: "`Challenge` and the `challengeToken` of a sign-in that still needs a factor.",
  },
  refreshCookie: {
    type: "apiKey",
    in: "cookie",
    name: "__Host-refresh",
    description: "The refresh token of a browser; only with an `Origin` of the service's own pages.",
  },
};

/** The problem document, as `problem.ts` writes it. */
export const PROBLEM_SCHEMA: JsonObject = {
  type: "object",
  description: "RFC 9457.",
  required: ["type", "title", "status", "detail", "code", "requestId"],
  properties: {
    type: { type: "string", format: "uri", examples: ["urn:active-session:problem:not_found"] },
    title: { type: "string" },
    status: { type: "integer", minimum: 400, maximum: 599 },
    detail: { type: "string" },
    code: { type: "string", enum: Object.keys(PROBLEMS) },
    requestId: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["pointer", "message"],
        properties: {
          pointer: { type: "string", description: "A JSON pointer.", examples: ["/email"] },
          message: { type: "string" },
        },
      },
    },
    reason: { type: "string", description: "With `session.ended` and `access.denied`." },
    explain: {
      type: "string",
      description:
        "With `access.denied`, for those who may read the role: which statement of which role decided.",
    },
    maxAgeSeconds: { type: "integer", description: "With `auth.step_up_required`." },
    attemptsLeft: {
      type: "integer",
      description: "With `mfa.invalid_code`: how many the challenge still takes.",
    },
    challengeToken: {
      type: "string",
      description: "With `session.limit_reached`, where the tenant asks: for `POST /v1/auth/replace`.",
    },
    sessions: {
      type: "array",
      description: "With `session.limit_reached`, where the tenant asks: the sessions to choose from.",
      items: {
        type: "object",
        required: ["id", "device", "ip", "createdAt", "lastSeenAt"],
        properties: {
          id: { type: "string" },
          device: { type: "object" },
          ip: { type: "string" },
          createdAt: { type: "string", format: "date-time" },
          lastSeenAt: { type: "string", format: "date-time" },
        },
      },
    },
  },
};

/** How OAuth's endpoints refuse (RFC 6749 section 5.2), as `oauth-answer.ts` writes it. */
export const OAUTH_ERROR_SCHEMA: JsonObject = {
  type: "object",
  description: "RFC 6749 section 5.2.",
  required: ["error", "error_description"],
  properties: {
    error: { type: "string", enum: [...OAUTH_ERRORS] },
    error_description: { type: "string" },
  },
};

/** The answers of OAuth's endpoints that are no success. */
export const OAUTH_FAILURES: { readonly [status: string]: JsonObject } = {
  "400": oauthFailure("The request is refused."),
  "401": oauthFailure("The client or the token is not known.", ["WWWAuthenticate"]),
  "429": oauthFailure("Too many sessions or requests.", ["RetryAfter"]),
  "503": oauthFailure("Temporarily unavailable.", ["RetryAfter"]),
  default: oauthFailure("Any other failure."),
};

function oauthFailure(description: string, headers: readonly string[] = []): JsonObject {
  return {
    description,
    headers: headerRefs(["RequestId", ...headers]),
    content: { "application/json": { schema: { $ref: "#/components/schemas/OAuthError" } } },
  };
}
