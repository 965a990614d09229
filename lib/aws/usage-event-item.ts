import { createHash } from "node:crypto";
import type { Put } from "@aws-sdk/client-dynamodb";
import { formatAtto } from "../decimal.ts";
import { nameOf, type UsageEvent } from "../usage/usage-event.ts";
import { env } from "./env.ts";
import { toItem } from "./item.ts";

/** Digits of a time in a sort key: enough until the year 33658. */
const TIME_DIGITS = 15;

/**
 * An event as a row, refused where its name (`source` and `id`) is there already. The index has the events of one meter
 * of one resource in the order of time, and of one instant in the order of their ids.
 */
export function usageEventPut(event: UsageEvent): Put {
  const { tenantId, source, id, kind, resourceId, meter, atMs, value, sessionId, activityId } = event;
  return {
    TableName: env.billingTable,
    Item: toItem({
      pk: usageEventPartition(event),
      sk: "event",
      usageKey: `${tenantId}#${resourceId}#${meter}`,
      usageSort: `${String(atMs).padStart(TIME_DIGITS, "0")}#${id}`,
      ...{ tenantId, source, id, kind, resourceId, meter, atMs, sessionId, activityId },
      value: formatAtto(value),
    }),
    ConditionExpression: "attribute_not_exists(pk)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

/** The partition of an event: the same for the same tenant and name, whatever characters that has. */
export function usageEventPartition(event: Pick<UsageEvent, "tenantId" | "source" | "id">): string {
  return `${event.tenantId}#u#${createHash("sha256").update(nameOf(event)).digest("hex")}`;
}
