import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Period } from "../usage/usage.ts";
import type { Series, StoredEvent } from "../usage/usage-event.ts";
import type { UsageHistory } from "../usage/usage-store.ts";
import type { AttachmentReader } from "./attachment-table.ts";
import { queryBilling } from "./billing-rows.ts";
import { dynamoClient } from "./dynamo-client.ts";
import type { SessionLives } from "./session-life-table.ts";
import { usageEventOf, usageSeriesKey, usageSortAt } from "./usage-event-item.ts";

/** What usage follows from, wherever it is kept. */
export interface UsageHistoryDeps {
  readonly attachments: Pick<AttachmentReader, "ofResource" | "ofTenant">;
  readonly lives: SessionLives;
}

/** Most gauges have their last reading within this many rows before a period. */
const CARRY_PAGE = 4;

/** Reads events through the index, which follows a write within a second or so. */
export function usageHistory(
  { attachments, lives }: UsageHistoryDeps,
  client: DynamoDBClient = dynamoClient(),
): UsageHistory {
  return {
    events: async (series, { kind, period }) => {
      const [carried, events] = await Promise.all([
        kind === "gauge" ? lastBefore(client, series, period) : [],
        eventsIn(client, series, period),
      ]);
      return [...carried, ...events];
    },
    attachments: (tenantId, period, resourceId) =>
      resourceId === undefined
        ? attachments.ofTenant(tenantId, period)
        : attachments.ofResource(tenantId, resourceId, period),
    sessions: (tenantId, sessionIds) => lives.find(tenantId, sessionIds),
    keepSessions: (tenantId, sessions) => lives.keep(tenantId, sessions),
  };
}

async function eventsIn(
  client: DynamoDBClient,
  series: Series,
  { startAtMs, endAtMs }: Period,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  const rows = queryBilling(client, {
    IndexName: "usage-index",
    // No event has the bounds themselves as its key: there is an id behind the time.
    KeyConditionExpression: "usageKey = :series AND usageSort BETWEEN :start AND :end",
    FilterExpression: "attribute_not_exists(voided)",
    ExpressionAttributeValues: {
      ":series": { S: usageSeriesKey(series) },
      ":start": { S: usageSortAt(startAtMs) },
      ":end": { S: usageSortAt(endAtMs) },
    },
  });
  for await (const row of rows) events.push(usageEventOf(row));
  return events;
}

/** The last reading that is not void, and all others of its instant. */
async function lastBefore(
  client: DynamoDBClient,
  series: Series,
  { startAtMs }: Period,
): Promise<readonly StoredEvent[]> {
  const readings: StoredEvent[] = [];
  const rows = queryBilling(client, {
    IndexName: "usage-index",
    KeyConditionExpression: "usageKey = :series AND usageSort < :start",
    ExpressionAttributeValues: {
      ":series": { S: usageSeriesKey(series) },
      ":start": { S: usageSortAt(startAtMs) },
    },
    ScanIndexForward: false,
    Limit: CARRY_PAGE,
  });
  for await (const row of rows) {
    const reading = usageEventOf(row);
    if (reading.voided !== undefined) continue;
    if (readings[0] !== undefined && readings[0].atMs !== reading.atMs) break;
    readings.unshift(reading);
  }
  return readings;
}
