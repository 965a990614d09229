import { PLATFORM_TENANT_ID } from "../identity/tenant.ts";
import type { GuidanceMessage } from "../support/guidance.ts";
import type { Agent, SupportGrant } from "../support/support-grant.ts";
import type { EpochMs } from "../time.ts";
import { document, type Item, toItem } from "./item.ts";

/** How long a grant stays listed after it has expired. */
const KEPT_MS = 30 * 86_400_000;

/** The partition of a tenant's grants. */
export function grantPartition(tenantId: string): string {
  return `${tenantId}#support`;
}

/** The partition that says where the grants of an agent are; without one, those that are for any agent. */
export function agentPartition(agentId?: string): string {
  return agentId === undefined
    ? `${PLATFORM_TENANT_ID}#support-open`
    : `${PLATFORM_TENANT_ID}#${agentId}#support`;
}

/** The key of a grant in its partition. */
export function grantKey(partition: string, grantId: string): Item {
  return { pk: { S: partition }, sk: { S: grantId } };
}

/** A grant as a row. */
export function grantItem(grant: SupportGrant): Item {
  return toItem({
    pk: grantPartition(grant.tenantId),
    sk: grant.grantId,
    version: grant.version,
    grant,
    ttl: ttlOf(grant.expiresAtMs + KEPT_MS),
  });
}

/** Reads a grant's row. */
export function grantOf(item: Item): SupportGrant {
  return document<SupportGrant>(item, "grant");
}

/** Where the grant of an agent is, as a row. */
export function pointerItem(
  { tenantId, grantId, expiresAtMs, lifeSeconds }: SupportGrant,
  agent: Agent | undefined,
): Item {
  const ttl = ttlOf(expiresAtMs + lifeSeconds * 1000 + KEPT_MS);
  return toItem({ pk: agentPartition(agent?.userId), sk: grantId, tenantId, ttl });
}

/** The key of what was said in a session. */
export function guidanceKey(of: Pick<GuidanceMessage, "tenantId" | "sessionId" | "messageId">): Item {
  return { pk: { S: `${of.tenantId}#${of.sessionId}` }, sk: { S: `guidance#${of.messageId}` } };
}

/** What was said in a session, as a row. */
export function guidanceItem(message: GuidanceMessage, keptUntilMs: EpochMs): Item {
  return { ...guidanceKey(message), ...toItem({ message, ttl: ttlOf(keptUntilMs) }) };
}

/** Reads what was said. */
export function guidanceOf(item: Item): GuidanceMessage {
  return document<GuidanceMessage>(item, "message");
}

function ttlOf(atMs: EpochMs): number {
  return Math.ceil(atMs / 1000);
}
