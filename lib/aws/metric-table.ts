import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  QueryCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { ATTO_DECIMALS, formatAtto, parseDecimal } from "../decimal.ts";
import { AppError } from "../errors.ts";
import {
  type MetricSample,
  type MetricStore,
  SAMPLES_KEPT_MS,
  type SamplePage,
  type SampleQuery,
} from "../resource/metric-store.ts";
import type { EpochMs } from "../time.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { type Item, number, text, toItem } from "./item.ts";

/** Rows that one batch write takes. */
const BATCH_ROWS_MAX = 25;

const BATCH_ATTEMPTS = 5;

/** Load samples in the sessions table, which removes them by their TTL. */
export function metricTable(client: DynamoDBClient = dynamoClient()): MetricStore {
  return {
    add: async ({ tenantId, resourceId }, samples) => {
      const pk = partitionOf(tenantId, resourceId);
      // One batch takes a key once: of two values at one instant the later one counts.
      const rows = new Map(samples.map((sample) => [sortOf(sample), sample]));
      const puts = Array.from(rows, ([sk, sample]) => ({ PutRequest: { Item: sampleItem(pk, sk, sample) } }));
      for (let from = 0; from < puts.length; from += BATCH_ROWS_MAX) {
        await writeBatch(client, puts.slice(from, from + BATCH_ROWS_MAX));
      }
    },
    find: (query) => findSamples(client, query),
  };
}

function partitionOf(tenantId: string, resourceId: string): string {
  return `${tenantId}#metrics#${resourceId}`;
}

function sortOf({ atMs, metric }: MetricSample): string {
  return `${padded(atMs)}#${metric}`;
}

function padded(atMs: EpochMs): string {
  return String(Math.max(0, Math.min(atMs, 999_999_999_999_999))).padStart(15, "0");
}

function sampleItem(pk: string, sk: string, { atMs, metric, value }: MetricSample): Item {
  return toItem({
    ...{ pk, sk, metric, atMs, value: formatAtto(value) },
    ttl: Math.ceil((atMs + SAMPLES_KEPT_MS) / 1000),
  });
}

function sampleOf(item: Item): MetricSample {
  const value = parseDecimal(text(item, "value"), ATTO_DECIMALS);
  if (value === undefined) throw new Error("A sample's value is not a decimal.");
  return { metric: text(item, "metric"), atMs: number(item, "atMs"), value };
}

async function writeBatch(client: DynamoDBClient, puts: WriteRequest[]): Promise<void> {
  let open = puts;
  for (let attempt = 1; open.length > 0; attempt++) {
    if (attempt > BATCH_ATTEMPTS) throw new AppError("unavailable", "Too many samples at once: try again.");
    try {
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [env.sessionsTable]: open } }),
      );
      open = UnprocessedItems?.[env.sessionsTable] ?? [];
    } catch (thrown) {
      throw translated(thrown);
    }
  }
}

async function findSamples(client: DynamoDBClient, query: SampleQuery): Promise<SamplePage> {
  const found: Item[] = [];
  let after = query.after;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({ ...planOf(query, after), Limit: query.limit - found.length }),
      );
      found.push(...Items);
      after = LastEvaluatedKey === undefined ? undefined : text(LastEvaluatedKey, "sk");
    } while (after !== undefined && found.length < query.limit);
  } catch (thrown) {
    throw translated(thrown);
  }
  return { samples: found.map(sampleOf), ...(after === undefined ? {} : { nextAfter: after }) };
}

function planOf({ tenantId, resourceId, metric, fromMs, toMs }: SampleQuery, after: string | undefined) {
  return {
    TableName: env.sessionsTable,
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
    ...(metric === undefined ? {} : { FilterExpression: "metric = :metric" }),
    ExpressionAttributeValues: {
      ":pk": { S: partitionOf(tenantId, resourceId) },
      ":from": { S: padded(fromMs) },
      ":to": { S: after ?? padded(toMs) },
      ...(metric === undefined ? {} : { ":metric": { S: metric } }),
    },
    ...(after === undefined
      ? {}
      : { ExclusiveStartKey: toItem({ pk: partitionOf(tenantId, resourceId), sk: after }) }),
    ScanIndexForward: false,
    ConsistentRead: true,
  };
}
