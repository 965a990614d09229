import { createHash } from "node:crypto";
import type { Put } from "@aws-sdk/client-dynamodb";
import { ATTO_DECIMALS, formatAtto, parseDecimal } from "../decimal.ts";
import type { EpochMs } from "../time.ts";
import {
  type EventName,
  nameOf,
  type Series,
  type StoredEvent,
  type UsageEvent,
} from "../usage/usage-event.ts";
import { env } from "./env.ts";
import { timeOfId } from "./ids.ts";
import { type Item, number, optionalDocument, optionalText, present, text, toItem } from "./item.ts";

/** Digits of a time in a sort key: enough until the year 33658. */
const TIME_DIGITS = 15;

/** The key of an event: the same for the same tenant, `source` and `id`, whatever characters they have. */
export function usageEventKey(tenantId: string, name: EventName): Item {
  const hash = createHash("sha256").update(nameOf(name)).digest("hex");
  return { pk: { S: `${tenantId}#u#${hash}` }, sk: { S: "event" } };
}

/** The index key of the events of a series; a meter's name has no `#`, so that no two series share one. */
export function usageSeriesKey({ tenantId, resourceId, meter }: Series): string {
  return `${tenantId}#${resourceId}#${meter}`;
}

/** The index's sort key before which all events are of before `atMs`. */
export function usageSortAt(atMs: EpochMs): string {
  return String(Math.max(0, atMs)).padStart(TIME_DIGITS, "0");
}

/**
 * An event as a row, refused where its name is taken. The index has the events of one series in the order of time, and
 * those of one instant in the order of their ids.
 * @param requestId - tells one's own write, whose answer was lost, from another's
 */
export function usageEventPut(event: UsageEvent, requestId?: string): Put {
  const { tenantId, source, id, kind, resourceId, meter, atMs, value, sessionId, activityId } = event;
  return {
    TableName: env.billingTable,
    Item: {
      ...usageEventKey(tenantId, event),
      ...toItem({
        usageKey: usageSeriesKey(event),
        usageSort: `${usageSortAt(atMs)}#${id}`,
        ...{ tenantId, source, id, kind, resourceId, meter, atMs, sessionId, activityId, requestId },
        value: formatAtto(value),
      }),
    },
    ConditionExpression: "attribute_not_exists(pk)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

/** Reads a row back. @throws Error for a row that is not an event's */
export function usageEventOf(item: Item): StoredEvent {
  const value = parseDecimal(text(item, "value"), ATTO_DECIMALS);
  if (value === undefined) throw new Error("An event's value is not a decimal.");
  const activityId = optionalText(item, "activityId");
  return {
    tenantId: text(item, "tenantId"),
    source: text(item, "source"),
    id: text(item, "id"),
    kind: text(item, "kind") === "gauge" ? "gauge" : "counter",
    resourceId: text(item, "resourceId"),
    meter: text(item, "meter"),
    atMs: number(item, "atMs"),
    value,
    ...present("sessionId", optionalText(item, "sessionId")),
    ...present("activityId", activityId),
    ...present("receivedAtMs", activityId === undefined ? undefined : timeOfId(activityId)),
    ...present("voided", optionalDocument<StoredEvent["voided"]>(item, "voided")),
  };
}
