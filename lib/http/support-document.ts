import * as z from "zod";
import type { GuidanceMessage } from "../support/guidance.ts";
import { GRANT_LIFE_SECONDS_MAX, isInForce, type SupportGrant } from "../support/support-grant.ts";
import { type EpochMs, toRfc3339 } from "../time.ts";

/** What people write to one another: lines of ordinary characters, half of a surrogate pair not being one. */
function prose(lengthMax: number) {
  return z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\t])+$/u, "must be text without control characters");
}

/** What a grant and a request for one have in common. */
export const TermsSchema = {
  access: z.enum(["view", "guide"]),
  expiresInSeconds: z.int().min(1).max(GRANT_LIFE_SECONDS_MAX),
  reason: prose(500),
};

/** What can be said in a session at once. */
export const GuidanceText = prose(4000);

const PARTIES = {
  id: z.string(),
  tenantId: z.string(),
  sessionId: z.string(),
  userId: z.string(),
  userName: z.string(),
  access: z.enum(["view", "guide"]),
  reason: z.string(),
  expiresInSeconds: z.int(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
};

const AgentDocument = z.object({ id: z.string(), name: z.string() });

/** A grant as the API shows it to both sides. */
export const GrantDocument = z
  .object({
    ...PARTIES,
    status: z.enum(["active", "ended"]),
    endReason: z.enum(["expired", "revoked", "session_ended"]).optional(),
    endedAt: z.iso.datetime().optional(),
    origin: z.enum(["user", "agent"]).describe("Who spoke first"),
    agent: AgentDocument.optional().describe("Without one it is for the agent who comes first"),
    supportSessionId: z
      .string()
      .optional()
      .describe("The session that the agent looks by, or looked by last"),
  })
  .meta({ id: "SupportGrant" });

/** An agent's request as the API shows it to both sides. */
export const RequestDocument = z
  .object({
    ...PARTIES,
    expiresAt: PARTIES.expiresAt.describe(
      "Until when it can be answered; once it is approved, that of the grant",
    ),
    status: z.enum(["pending", "approved", "denied", "expired"]),
    agent: AgentDocument,
  })
  .meta({ id: "SupportRequest" });

/** Something said in a session, as the API shows it. */
export const GuidanceDocument = z
  .object({
    id: z.string(),
    sessionId: z.string(),
    from: z.object({ type: z.enum(["agent", "user"]), id: z.string(), name: z.string() }),
    text: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Guidance" });

/** Shows a grant as it is at this moment. */
export function grantDocument(grant: SupportGrant, nowMs: EpochMs): z.output<typeof GrantDocument> {
  const { end, expiresAtMs, origin, agent, supportSessionId } = grant;
  const endAtMs = end?.atMs ?? expiresAtMs;
  return {
    ...parties(grant),
    origin,
    ...(agent === undefined ? {} : { agent: { id: agent.userId, name: agent.name } }),
    ...(supportSessionId === undefined ? {} : { supportSessionId }),
    ...(isInForce(grant, nowMs)
      ? { status: "active" }
      : { status: "ended", endReason: end?.reason ?? "expired", endedAt: toRfc3339(endAtMs) }),
  };
}

/** Shows a request as it is at this moment. */
export function requestDocument(grant: SupportGrant, nowMs: EpochMs): z.output<typeof RequestDocument> {
  const { agent, answer, expiresAtMs } = grant;
  if (agent === undefined) throw new Error(`Nobody has made the request ${grant.grantId}.`);
  const open = nowMs < expiresAtMs ? "pending" : "expired";
  return {
    ...parties(grant),
    status: answer === "open" ? open : STATUS_OF[answer],
    agent: { id: agent.userId, name: agent.name },
  };
}

const STATUS_OF = { granted: "approved", denied: "denied" } as const;

/** Shows what was said. */
export function guidanceDocument(message: GuidanceMessage): z.output<typeof GuidanceDocument> {
  const { messageId, sessionId, from, text, createdAtMs } = message;
  return { id: messageId, sessionId, from, text, createdAt: toRfc3339(createdAtMs) };
}

function parties(grant: SupportGrant) {
  const { grantId, tenantId, sessionId, userId, userName, access, reason, lifeSeconds } = grant;
  return {
    ...{ id: grantId, tenantId, sessionId, userId, userName, access, reason, expiresInSeconds: lifeSeconds },
    createdAt: toRfc3339(grant.createdAtMs),
    expiresAt: toRfc3339(grant.expiresAtMs),
  };
}
