import * as z from "zod";
import type { TenantPolicy } from "../session/policy.ts";
import { absoluteExpiryOf, endOf, idleExpiryOf, type Session, type SupportView } from "../session/session.ts";
import { type EpochMs, toRfc3339 } from "../time.ts";

const WorkflowDocument = z.object({ provider: z.string(), runId: z.string(), ref: z.string().optional() });

/** A session as the API shows it (contract sections 3 and 12). */
export const SessionDocument = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    userId: z.string(),
    kind: z.enum(["interactive", "workflow", "support"]),
    status: z.enum(["active", "ended"]),
    endReason: z
      .enum([
        "logged_out",
        "revoked",
        "idle_expired",
        "absolute_expired",
        "evicted",
        "refresh_reused",
        "user_disabled",
      ])
      .optional(),
    device: z.object({ browser: z.string(), os: z.string(), type: z.string(), name: z.string().optional() }),
    ip: z.string(),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    idleExpiresAt: z.iso.datetime(),
    absoluteExpiresAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
    amr: z.array(z.string()),
    roles: z.array(z.string()),
    current: z.boolean(),
    source: z.literal("import").optional(),
    userName: z.string().optional(),
    wfl: WorkflowDocument.optional().describe(
      "The run that a workflow session is of, as its access token has it",
    ),
    workflow: WorkflowDocument.optional().describe("The same, by the name that records have it under"),
    support: z
      .object({
        grantId: z.string(),
        agent: z.object({ id: z.string(), name: z.string() }),
        watchedSessionId: z.string(),
        access: z.enum(["view", "guide"]),
        expiresAt: z.iso.datetime(),
      })
      .optional()
      .describe("Of a support session: who looks, at which session, and until when"),
  })
  .meta({ id: "Session" });

/** What a session is shown under: the policy of its tenant, the time, and who looks. */
export interface SessionViewpoint {
  readonly policy: TenantPolicy;
  readonly nowMs: EpochMs;
  readonly currentSessionId: string | undefined;
}

/** Shows a session as it is at this moment: one whose time is over reads as ended, whoever has noticed. */
export function sessionDocument(
  session: Session,
  { policy, nowMs, currentSessionId }: SessionViewpoint,
): z.output<typeof SessionDocument> {
  const end = endOf(session, policy, nowMs);
  return {
    id: session.sessionId,
    tenantId: session.tenantId,
    userId: session.userId,
    kind: session.kind,
    status: end === undefined ? "active" : "ended",
    // Why a session that was imported came to its end, nobody has said.
    ...(end === undefined || session.source === "import" ? {} : { endReason: end.reason }),
    device: session.device,
    ip: session.ip,
    createdAt: toRfc3339(session.createdAtMs),
    lastSeenAt: toRfc3339(session.lastSeenAtMs),
    idleExpiresAt: toRfc3339(idleExpiryOf(session, policy)),
    absoluteExpiresAt: toRfc3339(absoluteExpiryOf(session, policy)),
    ...(end === undefined ? {} : { endedAt: toRfc3339(end.atMs) }),
    amr: [...session.amr],
    roles: [...session.roles],
    current: session.sessionId === currentSessionId,
    ...(session.source === undefined ? {} : { source: session.source }),
    ...(session.userName === undefined ? {} : { userName: session.userName }),
    ...(session.workflow === undefined ? {} : { wfl: session.workflow, workflow: session.workflow }),
    ...(session.support === undefined ? {} : { support: supportDocument(session.support) }),
  };
}

function supportDocument({
  grantId,
  agentId,
  agentName,
  watchedSessionId,
  access,
  expiresAtMs,
}: SupportView) {
  const agent = { id: agentId, name: agentName };
  return { grantId, agent, watchedSessionId, access, expiresAt: toRfc3339(expiresAtMs) };
}
