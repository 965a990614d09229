import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { OpenSeries } from "../usage/open-series.ts";
import { seriesKey } from "../usage/usage-event.ts";
import type { OpenSeriesStore } from "../usage/usage-store.ts";
import { queryBilling, readBilling } from "./billing-rows.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import {
  OPEN_SHARDS,
  openPartition,
  openSeriesKey,
  openSeriesOf,
  openShard,
  touchUpdate,
} from "./open-series-item.ts";

/** The open series of all tenants, in the billing table. */
export function openSeriesTable(client: DynamoDBClient = dynamoClient()): OpenSeriesStore {
  return {
    touch: async (touches, nowMs) => {
      try {
        await Promise.all(
          touches.map((touch) => client.send(new UpdateItemCommand(touchUpdate(touch, nowMs)))),
        );
      } catch (thrown) {
        throw translated(thrown);
      }
    },
    find: async (series) => {
      const keys = new Map(series.map((one) => [`${one.tenantId} ${seriesKey(one)}`, openSeriesKey(one)]));
      return (await readBilling(client, [...keys.values()])).map(openSeriesOf);
    },
    ofTenant: (tenantId, resourceId) => ofTenant(client, tenantId, resourceId),
    all: () => all(client),
  };
}

async function ofTenant(
  client: DynamoDBClient,
  tenantId: string,
  resourceId: string | undefined,
): Promise<readonly OpenSeries[]> {
  const open: OpenSeries[] = [];
  const rows = queryBilling(client, {
    ConsistentRead: true,
    KeyConditionExpression: "pk = :shard AND begins_with(sk, :prefix)",
    ExpressionAttributeValues: {
      ":shard": { S: openPartition(tenantId) },
      ":prefix": { S: resourceId === undefined ? `${tenantId}#` : `${tenantId}#${resourceId}#` },
    },
  });
  for await (const row of rows) open.push(openSeriesOf(row));
  // Somebody else's resource may be called as ours with more behind it.
  return open.filter((series) => resourceId === undefined || series.resourceId === resourceId);
}

async function* all(client: DynamoDBClient): AsyncGenerator<OpenSeries> {
  for (let shard = 0; shard < OPEN_SHARDS; shard += 1) {
    const rows = queryBilling(client, {
      KeyConditionExpression: "pk = :shard",
      ExpressionAttributeValues: { ":shard": { S: openShard(shard) } },
    });
    for await (const row of rows) yield openSeriesOf(row);
  }
}
