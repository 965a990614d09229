import { createHash } from "node:crypto";
import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { startTrail } from "../../lib/activity/trail.ts";
import { env } from "../../lib/aws/env.ts";
import { tenantKey } from "../../lib/aws/identity-item.ts";
import { derivedId } from "../../lib/aws/ids.ts";
import { type Item, number, text, toItem } from "../../lib/aws/item.ts";
import { registryItem } from "../../lib/aws/tenant-table.ts";
import { commit, transact } from "../../lib/aws/transact.ts";
import { PLATFORM_TENANT_ID } from "../../lib/identity/tenant.ts";
import { SYSTEM_ACTOR } from "../../lib/session/end-session.ts";
import { toRfc3339 } from "../../lib/time.ts";
import { ERASURES } from "./tenant-rows.ts";

/** An erasure that has begun: what has to be known to go on with it after the tenant's own rows are gone. */
export interface Erasure {
  readonly tenantId: string;
  readonly startedAtMs: number;
  readonly keepsInvoices: boolean;
  /** Of what had to be said to begin it: the name itself may be a person's. */
  readonly confirmation: string;
}

/** What is kept of what the operator said, to hear it again. */
export function confirmationOf(tenantId: string, said: string): string {
  return createHash("sha256")
    .update(JSON.stringify([tenantId, said]))
    .digest("hex");
}

/** The erasure of a tenant that is under way. */
export async function findErasure(client: DynamoDBClient, tenantId: string): Promise<Erasure | undefined> {
  const { Item: row } = await client.send(
    new GetItemCommand({ TableName: env.identityTable, Key: keyOf(tenantId), ConsistentRead: true }),
  );
  if (row === undefined) return undefined;
  return {
    tenantId,
    startedAtMs: number(row, "startedAtMs"),
    keepsInvoices: number(row, "keepsInvoices") === 1,
    confirmation: text(row, "confirmation"),
  };
}

/**
 * Begins an erasure: in one transaction the tenant is gone for every function. Its people are refused from their next
 * request on, schedules do not come by any more, and what the streams hand on is dropped.
 * @throws ConditionRefused when somebody else has begun it at this moment
 */
export async function beginErasure(client: DynamoDBClient, erasure: Erasure): Promise<void> {
  const { tenantId, keepsInvoices, ...rest } = erasure;
  const TableName = env.identityTable;
  const { pk, sk } = registryItem({ tenantId });
  await transact(client, [
    {
      Put: {
        TableName,
        Item: { ...keyOf(tenantId), ...toItem({ ...rest, keepsInvoices: Number(keepsInvoices) }) },
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    { Delete: { TableName, Key: tenantKey(tenantId) } },
    { Delete: { TableName, Key: { ...(pk && { pk }), ...(sk && { sk }) } } },
  ]);
}

/**
 * Ends an erasure: its row makes room for the one record that stays, in the log of the platform's own tenant. It names the
 * tenant by its id, and nobody.
 */
export async function endErasure(
  client: DynamoDBClient,
  erasure: Erasure,
  { nowMs, retentionDays }: { readonly nowMs: number; readonly retentionDays: number },
): Promise<string> {
  const { tenantId, startedAtMs, keepsInvoices } = erasure;
  const recordId = derivedId("act", nowMs, `erase/${tenantId}/${startedAtMs}`);
  const trail = startTrail(
    { now: () => nowMs, newId: () => recordId },
    {
      requestId: derivedId("req", nowMs, `erase/${tenantId}/${startedAtMs}`),
      action: "tenant:erase",
      startedAtMs: nowMs,
      ip: "",
      userAgent: "",
      source: "system",
    },
  );
  trail.by({ tenantId: PLATFORM_TENANT_ID, actor: SYSTEM_ACTOR, retentionDays });
  trail.about({ type: "tenant", id: tenantId });
  trail.note({ startedAt: toRfc3339(startedAtMs), invoicesKept: keepsInvoices });
  const Key = keyOf(tenantId);
  const ConditionExpression = "attribute_exists(pk)";
  await commit(client, {
    writes: [{ Delete: { TableName: env.identityTable, Key, ConditionExpression } }],
    trail,
  });
  return recordId;
}

function keyOf(tenantId: string): Item {
  return { pk: { S: ERASURES }, sk: { S: tenantId } };
}
