import { createHash } from "node:crypto";
import type { Put } from "@aws-sdk/client-dynamodb";
import type { EpochMs } from "../time.ts";
import { env } from "./env.ts";
import { toItem } from "./item.ts";

/** A gauge reading or a counted amount as it is stored, whoever sent it. `source` and `id` together count once. */
export interface UsageEvent {
  readonly tenantId: string;
  readonly source: string;
  readonly id: string;
  readonly kind: "gauge" | "counter";
  readonly resourceId: string;
  readonly meter: string;
  readonly atMs: EpochMs;
  /** A plain decimal, at least 0: the new level of a gauge, the amount of a counter. */
  readonly value: string;
  /** Whose amount it is; for counters alone. */
  readonly sessionId?: string;
}

/** Digits of a time in a sort key: enough until the year 33658. */
const TIME_DIGITS = 15;

/**
 * An event as a row, refused where its `source` and `id` are there already. The index has the events of one meter of
 * one resource in the order of time, and of one instant in the order of their ids.
 */
export function usageEventPut(event: UsageEvent): Put {
  const { tenantId, source, id, kind, resourceId, meter, atMs, value, sessionId } = event;
  return {
    TableName: env.billingTable,
    Item: toItem({
      pk: usageEventPartition(event),
      sk: "event",
      usageKey: `${tenantId}#${resourceId}#${meter}`,
      usageSort: `${String(atMs).padStart(TIME_DIGITS, "0")}#${id}`,
      ...{ tenantId, source, id, kind, resourceId, meter, atMs, value, sessionId },
      fingerprint: sha256(JSON.stringify([kind, resourceId, meter, atMs, value, sessionId ?? null])),
    }),
    ConditionExpression: "attribute_not_exists(pk)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

/** The partition of an event: the same for the same tenant, `source` and `id`, whatever characters they have. */
export function usageEventPartition({
  tenantId,
  source,
  id,
}: Pick<UsageEvent, "tenantId" | "source" | "id">): string {
  return `${tenantId}#u#${sha256(JSON.stringify([source, id]))}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
