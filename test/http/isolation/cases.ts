import { FORM, usage, type World } from "./world.ts";

/** How another tenant's ids can be put into a request, beside its path. */
export interface Case {
  /** Members of the query that name things. */
  readonly query?: (ids: World) => Readonly<Record<string, string>>;
  /** A body that would be taken if the ids in it were one's own. */
  readonly body?: (ids: World) => unknown;
  /** Default `application/json`. */
  readonly mediaType?: string;
  /** What both another tenant's id and one that nobody has are answered with, where it is not 404; by place. */
  readonly answers?: Readonly<Record<string, number>>;
}

const ROLE = { statements: [] };
const SAMPLE = { time: "2026-03-02T09:00:00Z", metric: "cpu", value: 0.5 };
const SCALING = { metric: "cpu", target: 0.6, min: 1, max: 3, cooldownSeconds: 60 };

/** A record of the sender's own, which says in whose session it was. */
const senders = ({ sessionId }: World) => ({
  id: `of-${sessionId}`,
  time: "2026-03-02T09:00:00Z",
  actor: { type: "service", id: "cloud", name: "Cloud" },
  action: "vm:start",
  outcome: "success",
  sessionId,
});

/** A token that says whose it is, and cannot prove it. */
const unsigned = (claims: object) =>
  [{ alg: "RS256" }, claims, "signature"]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");

/** No ids of things: what is asked about is all in the body, or what is proved is a secret or a signature. */
const NONE: Case = {};

/**
 * Every operation that has a body beside the ids in its path, or takes ids elsewhere. Whoever adds one says here how:
 * the test names it until then. Of several requests each is tried.
 */
export const CASES: Readonly<Record<string, Case | readonly Case[]>> = {
  // A decision is never yes, and does not say which of the two it is (AuthZEN 1.0 section 7.2.1).
  "POST /access/v1/evaluation": {
    body: ({ sessionId, resourceId }) => ({
      subject: { type: "session", id: sessionId },
      action: { name: "vm:start" },
      resource: { type: "vm", id: resourceId },
      context: { log: false },
    }),
    answers: { sessionId: 200, resourceId: 200 },
  },
  "POST /access/v1/evaluations": {
    body: ({ sessionId, resourceId }) => ({
      action: { name: "vm:start" },
      context: { log: false },
      evaluations: [
        { subject: { type: "session", id: sessionId }, resource: { type: "vm", id: resourceId } },
      ],
    }),
    answers: { sessionId: 200, resourceId: 200 },
  },
  // Lists of what is not there are empty.
  "GET /v1/activity": [
    { query: ({ userId }) => ({ userId }), answers: { userId: 200 } },
    { query: ({ sessionId }) => ({ sessionId }), answers: { sessionId: 200 } },
    { query: ({ resourceId }) => ({ resource: `vm/${resourceId}` }), answers: { resourceId: 200 } },
  ],
  "GET /v1/resources": { query: ({ sessionId }) => ({ sessionId }), answers: { sessionId: 200 } },
  "GET /v1/sessions": { query: ({ userId }) => ({ userId }), answers: { userId: 200 } },
  // What is taken in batches is refused one by one.
  "POST /v1/activity": {
    body: (ids) => ({ source: "cloud", records: [senders(ids)] }),
    answers: { sessionId: 202 },
  },
  "POST /v1/usage": {
    body: (ids) => usage(`${ids.resourceId}-${ids.sessionId}`, ids),
    mediaType: "application/cloudevents+json",
    answers: { sessionId: 202, resourceId: 202 },
  },
  "POST /v1/usage/void": {
    body: ({ usageEventId }) => ({ source: "/cloud", ids: [usageEventId], reason: "wrong" }),
    answers: { usageEventId: 200 },
  },
  "POST /v1/sessions/revoke": { body: ({ userId }) => ({ userId }), answers: { userId: 200 } },
  // For the operator alone.
  "POST /v1/billing/runs": {
    body: ({ tenantId }) => ({ period: "2026-01", tenantId }),
    answers: { tenantId: 403 },
  },
  "POST /v1/sessions/import": {
    body: ({ tenantId }) => ({ tenantId, sessions: [], attachments: [] }),
    answers: { tenantId: 403 },
  },
  "GET /v1/tenants/{tenantId}/billing": { answers: { tenantId: 403 } },
  "PUT /v1/tenants/{tenantId}/billing": {
    body: () => ({ override: {} }),
    answers: { tenantId: 403 },
  },
  "POST /v1/tenants/{tenantId}/credits": {
    body: () => ({ amount: "1", reason: "Mine." }),
    answers: { tenantId: 403 },
  },
  // OAuth has no 404.
  "POST /oauth/token": {
    body: ({ tenantId }) =>
      new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: unsigned({ iss: "https://ci.example.com", aud: "sessions" }),
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        client_id: tenantId,
      }).toString(),
    mediaType: FORM,
    answers: { tenantId: 400 },
  },
  "POST /oauth/introspect": NONE,
  "POST /oauth/revoke": NONE,
  "PUT /v1/workflow-trust": NONE,
  // Signing in says the same of everything that is wrong.
  "POST /v1/auth/mfa": {
    body: ({ challengeToken, factorId }) => ({ challengeToken, factorId, code: "123456" }),
    answers: { factorId: 401 },
  },
  "POST /v1/auth/mfa/send": {
    body: ({ challengeToken, factorId }) => ({ challengeToken, factorId }),
  },
  "POST /v1/auth/replace": {
    body: ({ challengeToken, sessionId }) => ({ challengeToken, sessionId }),
    answers: { sessionId: 401 },
  },
  "POST /v1/auth/step-up": {
    body: ({ factorId }) => ({ factorId, code: "123456" }),
    answers: { factorId: 401 },
  },
  "POST /v1/auth/passkey": NONE,
  "POST /v1/billing/simulate": NONE,
  "POST /v1/roles/simulate": NONE,
  "POST /v1/me/factors/{factorId}/verify": { body: () => ({ code: "123456" }) },
  "POST /v1/sessions/current/resume": { body: ({ sessionId }) => ({ fromSessionId: sessionId }) },
  "PUT /v1/sessions/{sessionId}/state/{key}": { body: () => ({ items: 2 }) },
  "POST /v1/support/grants": {
    body: ({ sessionId }) => ({ sessionId, access: "view", expiresInSeconds: 60, reason: "Mine." }),
  },
  // For the platform's agents alone.
  "POST /v1/support/requests": {
    body: ({ sessionId }) => ({ sessionId, access: "view", expiresInSeconds: 60, reason: "Mine." }),
    answers: { sessionId: 403 },
  },
  "POST /v1/support/sessions": { body: ({ grantId }) => ({ grantId }), answers: { grantId: 403 } },
  "POST /v1/sessions/{sessionId}/guidance": { body: () => ({ text: "Mine." }) },
  "POST /v1/alerts/{alertId}/close": { body: () => ({ note: "Mine." }) },
  "PUT /v1/roles/{name}": { body: () => ROLE },
  "PATCH /v1/webhooks/{webhookId}": { body: () => ({ description: "Mine." }) },
  "PATCH /v1/tenants/{tenantId}": { body: () => ({ name: "Mine" }) },
  "PATCH /v1/users/{userId}": { body: () => ({ disabled: true }) },
  "PATCH /v1/resources/{resourceId}": { body: () => ({ name: "mine" }) },
  "POST /v1/resources/{resourceId}/attach-volume": { body: ({ volumeId }) => ({ volumeId }) },
  "POST /v1/resources/{resourceId}/detach-volume": { body: ({ volumeId }) => ({ volumeId }) },
  "POST /v1/resources/{resourceId}/metrics": { body: () => ({ samples: [SAMPLE] }) },
  "PUT /v1/resources/{resourceId}/scaling": { body: () => SCALING },
};

/** The requests that an operation is tried with. */
export function casesOf(name: string): readonly Case[] {
  return [CASES[name] ?? NONE].flat();
}
