import type { Put } from "@aws-sdk/client-dynamodb";
import type { ActivityRecord } from "../activity/activity.ts";
import { env } from "./env.ts";
import { document, type Item, toItem } from "./item.ts";

/** The partition that a tenant's records are in. */
export function activityPartition(tenantId: string): string {
  return `${tenantId}#0`;
}

/**
 * A record as a row: the document itself, and beside it what is queried and filtered by.
 * The condition keeps the table append-only: no row is ever replaced.
 * @param retentionDays - counted from receipt; absent for records that are kept by the default of their tenant's stream
 */
export function activityPut(record: ActivityRecord, retentionDays: number | undefined): Put {
  return {
    TableName: env.activityTable,
    Item: activityItem(record, retentionDays),
    ConditionExpression: "attribute_not_exists(pk)",
  };
}

/** The row alone. */
export function activityItem(record: ActivityRecord, retentionDays: number | undefined): Item {
  const { tenantId, sessionId, actor, resource } = record;
  return toItem({
    pk: activityPartition(tenantId),
    sk: record.id,
    sessionKey: sessionId === undefined ? undefined : `${tenantId}#${sessionId}`,
    actorKey: `${tenantId}#${actor.onBehalfOf ?? actor.id}`,
    action: record.action,
    outcome: record.outcome,
    source: record.source,
    taskId: record.taskId,
    runId: record.workflow?.runId,
    resourceType: resource?.type,
    resource: resource === undefined ? undefined : `${resource.type}/${resource.id}`,
    ttl:
      retentionDays === undefined || retentionDays === 0
        ? undefined
        : Math.ceil(record.receivedAtMs / 1000) + retentionDays * 86_400,
    record,
  });
}

/** Reads a row back. */
export function activityRecord(item: Item): ActivityRecord {
  return document<ActivityRecord>(item, "record");
}
