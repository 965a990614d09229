import { createHash } from "node:crypto";
import type { Update } from "@aws-sdk/client-dynamodb";
import type { EpochMs } from "../time.ts";
import type { DirtyHour, OpenSeries, Touch } from "../usage/open-series.ts";
import { hourOf, type Series, type UsageEvent } from "../usage/usage-event.ts";
import { env } from "./env.ts";
import { type Item, number, optionalNumber, present, text, toAttribute, toItem } from "./item.ts";

/**
 * Partitions that the open series of all tenants are spread over: a series is announced once in 15 minutes, so that
 * each of them takes the announcements of some 900,000 series (1,000 writes a second).
 */
export const OPEN_SHARDS = 16;

/** A dirty hour is an attribute of its own, so that announcing one needs nothing to be read. */
const DIRTY = "d";

/** The partition of a shard. It is one of the few that more than one tenant has rows in: the roll-up reads them all. */
export function openShard(shard: number): string {
  return `open-usage#${shard}`;
}

/** The partition that a tenant's open series are in. */
export function openPartition(tenantId: string): string {
  return openShard((createHash("sha256").update(tenantId).digest()[0] ?? 0) % OPEN_SHARDS);
}

/** The key of an open series. */
export function openSeriesKey({ tenantId, resourceId, meter }: Series): Item {
  return { pk: { S: openPartition(tenantId) }, sk: { S: `${tenantId}#${resourceId}#${meter}` } };
}

/** The write that announces that an hour is changing. It cannot be refused. */
export function touchUpdate(touch: Touch, nowMs: EpochMs): Update {
  const { tenantId, resourceId, meter, hourMs } = touch;
  return {
    TableName: env.billingTable,
    Key: openSeriesKey(touch),
    UpdateExpression:
      "SET #dirty = :now, tenantId = :tenant, resourceId = :resource, meter = :meter ADD version :one",
    ExpressionAttributeNames: { "#dirty": `${DIRTY}${hourMs}` },
    ExpressionAttributeValues: {
      ":now": toAttribute(nowMs),
      ":tenant": { S: tenantId },
      ":resource": { S: resourceId },
      ":meter": { S: meter },
      ":one": { N: "1" },
    },
  };
}

/** The announcement that belongs to an event that is written in a transaction. */
export function touchOf({ tenantId, resourceId, meter, atMs }: UsageEvent, nowMs: EpochMs): Update {
  return touchUpdate({ tenantId, resourceId, meter, hourMs: hourOf(atMs) }, nowMs);
}

/** An open series as a row of the next version. */
export function openSeriesItem({
  tenantId,
  resourceId,
  meter,
  rolledUpToMs,
  dirty,
  aliveSessionIds,
  version,
}: OpenSeries): Item {
  return {
    ...openSeriesKey({ tenantId, resourceId, meter }),
    ...toItem({ tenantId, resourceId, meter, rolledUpToMs, version }),
    ...toItem(Object.fromEntries(dirty.map(({ hourMs, touchedAtMs }) => [`${DIRTY}${hourMs}`, touchedAtMs]))),
    ...(aliveSessionIds.length === 0 ? {} : { alive: { SS: [...aliveSessionIds] } }),
  };
}

/** Reads a row back. @throws Error for a row that is not an open series' */
export function openSeriesOf(item: Item): OpenSeries {
  return {
    tenantId: text(item, "tenantId"),
    resourceId: text(item, "resourceId"),
    meter: text(item, "meter"),
    ...present("rolledUpToMs", optionalNumber(item, "rolledUpToMs")),
    dirty: Object.keys(item).flatMap((name) => dirtyHourOf(item, name)),
    aliveSessionIds: item["alive"]?.SS ?? [],
    version: number(item, "version"),
  };
}

function dirtyHourOf(item: Item, name: string): readonly DirtyHour[] {
  const [, hourMs] = /^d([0-9]+)$/.exec(name) ?? [];
  return hourMs === undefined ? [] : [{ hourMs: Number(hourMs), touchedAtMs: number(item, name) }];
}
