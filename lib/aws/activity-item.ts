import type { Put } from "@aws-sdk/client-dynamodb";
import type { ActivityRecord } from "../activity/activity.ts";
import { DEFAULT_POLICY } from "../session/policy.ts";
import { env } from "./env.ts";
import { document, type Item, toItem } from "./item.ts";

/** The partition that a tenant's records are in. */
export function activityPartition(tenantId: string): string {
  return `${tenantId}#0`;
}

/** The key of a record's row. */
export function activityKey(tenantId: string, id: string): Item {
  return { pk: { S: activityPartition(tenantId) }, sk: { S: id } };
}

/**
 * What a record can be found by, those that leave the fewest records first. Each has an index of its own (`task-index`)
 * whose partition is an attribute of the row (`taskKey`).
 */
export const FACETS = ["session", "task", "run", "resource", "actor", "outcome", "action", "source"] as const;

/** One of the things that a record can be found by. */
export type Facet = (typeof FACETS)[number];

/** Values that most records have. Their rows lack the attribute, and so the index holds the others alone. */
const UNINDEXED: Partial<Record<Facet, string>> = { outcome: "success", source: "api" };

/** The partition of one value of a facet; `undefined` for a value that no index holds. */
export function facetKey(tenantId: string, facet: Facet, value: string): string | undefined {
  return UNINDEXED[facet] === value ? undefined : `${tenantId}#${value}`;
}

/**
 * A record as a row. The condition keeps the table append-only: no row is ever replaced.
 * @param retentionDays - counted from receipt
 */
export function activityPut(record: ActivityRecord, retentionDays: number | undefined): Put {
  return {
    TableName: env.activityTable,
    Item: activityItem(record, retentionDays),
    ConditionExpression: "attribute_not_exists(pk)",
  };
}

/** The row alone: the document itself, and beside it what it is found by. */
function activityItem(record: ActivityRecord, retentionDays: number | undefined): Item {
  return toItem({
    pk: activityPartition(record.tenantId),
    sk: record.id,
    ...facetAttributes(record),
    ttl: activityTtl(record, retentionDays),
    record,
  });
}

/**
 * When the table may remove a record, in whole seconds: its retention counts from receipt. Where nobody has said what
 * the tenant's is (0, or absent), it is what a tenant begins with.
 */
export function activityTtl(
  { receivedAtMs }: Pick<ActivityRecord, "receivedAtMs">,
  retentionDays = 0,
): number {
  const days = retentionDays === 0 ? DEFAULT_POLICY.activityRetentionDays : retentionDays;
  return Math.ceil(receivedAtMs / 1000) + days * 86_400;
}

/** Reads a row back. */
export function activityRecord(item: Item): ActivityRecord {
  return document<ActivityRecord>(item, "record");
}

function facetAttributes(record: ActivityRecord): Readonly<Record<string, string | undefined>> {
  const { actor, resource } = record;
  const values: Record<Facet, string | undefined> = {
    session: record.sessionId,
    task: record.taskId,
    run: record.workflow?.runId,
    resource: resource === undefined ? undefined : `${resource.type}/${resource.id}`,
    actor: actor.onBehalfOf ?? actor.id,
    outcome: record.outcome,
    action: record.action,
    source: record.source,
  };
  return Object.fromEntries(
    FACETS.map((facet) => {
      const value = values[facet];
      return [`${facet}Key`, value === undefined ? undefined : facetKey(record.tenantId, facet, value)];
    }),
  );
}
