import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Period } from "../usage/usage.ts";
import { isCounted, type Series, type StoredEvent } from "../usage/usage-event.ts";
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
    events: async (series, { kind, period, asOfMs }) => {
      const isWanted = (event: StoredEvent) => isCounted(event, asOfMs);
      const [carried, events] = await Promise.all([
        kind === "gauge" ? lastBefore(client, { series, period, isWanted }) : [],
        eventsIn(client, { series, period, isWanted }),
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

/** What is looked for: a series' events in a period, or before it. */
interface Wanted {
  readonly series: Series;
  readonly period: Period;
  readonly isWanted: (event: StoredEvent) => boolean;
}

async function eventsIn(
  client: DynamoDBClient,
  { series, period: { startAtMs, endAtMs }, isWanted }: Wanted,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  const rows = queryBilling(client, {
    IndexName: "usage-index",
    // No event has the bounds themselves as its key: there is an id behind the time.
    KeyConditionExpression: "usageKey = :series AND usageSort BETWEEN :start AND :end",
    ExpressionAttributeValues: {
      ":series": { S: usageSeriesKey(series) },
      ":start": { S: usageSortAt(startAtMs) },
      ":end": { S: usageSortAt(endAtMs) },
    },
  });
  for await (const row of rows) {
    const event = usageEventOf(row);
    if (isWanted(event)) events.push(event);
  }
  return events;
}

/** The last reading that counts, and all others of its instant. */
async function lastBefore(
  client: DynamoDBClient,
  { series, period: { startAtMs }, isWanted }: Wanted,
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
    if (!isWanted(reading)) continue;
    if (readings[0] !== undefined && readings[0].atMs !== reading.atMs) break;
    readings.unshift(reading);
  }
  return readings;
}
