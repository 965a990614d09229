import { setTimeout as wait } from "node:timers/promises";
import { DescribeTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as StreamRecord,
} from "@aws-sdk/client-dynamodb-streams";
import type { TableKey, TableNames } from "./tables.ts";
import { readYaml } from "./yaml.ts";

const FUNCTIONS = new URL("../../functions/functions.yml", import.meta.url);
const POLL_EVERY_MS = 40;
const FIND_SHARDS_EVERY_MS = 10_000;
/** The first pause before a batch comes again; each further one is twice as long, up to the longest. */
const RETRY_AFTER_MS = 200;
const RETRY_AFTER_MS_MAX = 5000;
const PAUSE_AFTER_ERROR_MS = 1000;

/** Records that may wait for a consumer before no more are read: Lambda, too, reads no faster than it hands over. */
const WAITING_MAX = 1000;

/** A function's subscription to a table's stream, as `functions/functions.yml` has it. */
export interface StreamConsumer {
  readonly functionKey: string;
  readonly table: TableKey;
  readonly batchSize: number;
  readonly maximumRetryAttempts: number;
}

/** Calls a function with an event; answers with what it answered. @throws when the function threw */
export type Invoke = (functionKey: string, event: unknown) => Promise<unknown>;

/** What following the streams needs. */
export interface FollowStreamsDeps {
  readonly client: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly tables: TableNames;
  readonly invoke: Invoke;
  readonly onError: (table: TableKey, error: unknown) => void;
  /** A record that was given up, as the dead-letter queue would take it. */
  readonly onGivenUp: (functionKey: string, record: StreamRecord) => void;
  readonly signal: AbortSignal;
}

/** Everybody who subscribes to a stream in `functions/functions.yml`. */
export function readStreamConsumers(): StreamConsumer[] {
  const { functions } = readYaml(FUNCTIONS) as {
    functions: Record<string, { events?: Array<{ stream?: StreamEvent }> }>;
  };
  return Object.entries(functions).flatMap(([functionKey, { events = [] }]) =>
    events.flatMap(({ stream }) => (stream === undefined ? [] : [consumerOf(functionKey, stream)])),
  );
}

interface StreamEvent {
  readonly arn: { readonly "Fn::GetAtt": readonly [string, string] };
  readonly batchSize?: number;
  readonly maximumRetryAttempts?: number;
}

function consumerOf(functionKey: string, stream: StreamEvent): StreamConsumer {
  const [table] = stream.arn["Fn::GetAtt"];
  return {
    functionKey,
    table: table.replace(/Table$/, "").toLowerCase() as TableKey,
    batchSize: stream.batchSize ?? 100,
    maximumRetryAttempts: stream.maximumRetryAttempts ?? 3,
  };
}

/**
 * Hands each table's changes to its consumers as Lambda's event source mapping does: in order, at least
 * once, in batches; after a reported failure (`batchItemFailures`) or a throw again from the first record
 * that failed, and without that record once its retries are used up. Ends with the signal.
 */
export async function followStreams(
  deps: FollowStreamsDeps,
  consumers: readonly StreamConsumer[],
): Promise<void> {
  const tables = new Set(consumers.map((consumer) => consumer.table));
  await Promise.all(
    Array.from(tables, (table) =>
      followTable(
        deps,
        table,
        consumers.filter((consumer) => consumer.table === table),
      ),
    ),
  );
}

async function followTable(
  deps: FollowStreamsDeps,
  table: TableKey,
  consumers: StreamConsumer[],
): Promise<void> {
  const streamArn = await streamArnOf(deps.client, deps.tables[table]);
  const queues = consumers.map((consumer) => deliveryQueue(deps, consumer));
  const shards: ShardIterators = new Map();
  let findShardsAtMs = 0;
  while (!deps.signal.aborted) {
    try {
      if (Date.now() >= findShardsAtMs) {
        await findShards(deps.streams, streamArn, shards);
        findShardsAtMs = Date.now() + FIND_SHARDS_EVERY_MS;
      }
      for await (const records of newRecords(deps.streams, streamArn, shards)) {
        for (const queue of queues) queue.add(records);
        await untilFewWait(queues, deps.signal);
      }
      await wait(POLL_EVERY_MS);
    } catch (error) {
      if (deps.signal.aborted) return;
      deps.onError(table, error);
      await wait(PAUSE_AFTER_ERROR_MS);
    }
  }
}

async function untilFewWait(queues: readonly DeliveryQueue[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted && queues.some((queue) => queue.waiting() > WAITING_MAX)) await wait(POLL_EVERY_MS);
}

/** Where each shard goes on; a shard that is read to its end has no iterator any more. */
type ShardIterators = Map<string, string | undefined>;

async function* newRecords(
  streams: DynamoDBStreamsClient,
  streamArn: string,
  shards: ShardIterators,
): AsyncGenerator<StreamRecord[]> {
  for (const [shardId, iterator] of shards) {
    if (iterator === undefined) continue;
    try {
      const page = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
      shards.set(shardId, page.NextShardIterator);
      if (page.Records !== undefined && page.Records.length > 0) yield page.Records;
    } catch (error) {
      if (!isLostPlace(error)) throw error;
      shards.set(shardId, await beginningOf(streams, streamArn, shardId));
    }
  }
}

/**
 * Whether a place in a shard is no longer good. In a new database the place before the first record is such a one as
 * soon as that record is there.
 */
function isLostPlace(error: unknown): boolean {
  return (
    error instanceof Error && ["TrimmedDataAccessException", "ExpiredIteratorException"].includes(error.name)
  );
}

async function beginningOf(
  streams: DynamoDBStreamsClient,
  streamArn: string,
  shardId: string,
): Promise<string | undefined> {
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shardId,
      ShardIteratorType: "TRIM_HORIZON",
    }),
  );
  return ShardIterator;
}

/** Where a table's stream is. */
export async function streamArnOf(client: DynamoDBClient, tableName: string): Promise<string> {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  if (table?.LatestStreamArn === undefined) throw new Error(`The table ${tableName} has no stream.`);
  return table.LatestStreamArn;
}

/** Adds the shards not known yet, each read from its beginning: a restart repeats records rather than losing one. */
export async function findShards(
  streams: DynamoDBStreamsClient,
  streamArn: string,
  shards: ShardIterators,
): Promise<void> {
  const { StreamDescription: stream } = await streams.send(
    new DescribeStreamCommand({ StreamArn: streamArn }),
  );
  for (const { ShardId: shardId } of stream?.Shards ?? []) {
    if (shardId === undefined || shards.has(shardId)) continue;
    shards.set(shardId, await beginningOf(streams, streamArn, shardId));
  }
}

/** What a consumer is still to be handed. */
interface DeliveryQueue {
  add(records: StreamRecord[]): void;
  /** How many records it has not been handed yet. */
  waiting(): number;
}

/** One after the other for each consumer, and none waits for another as long as little waits for it. */
function deliveryQueue(deps: FollowStreamsDeps, consumer: StreamConsumer): DeliveryQueue {
  let delivered = Promise.resolve();
  let waiting = 0;
  return {
    add: (records) => {
      waiting += records.length;
      delivered = delivered
        .then(() => deliver(deps, consumer, records))
        .finally(() => {
          waiting -= records.length;
        });
    },
    waiting: () => waiting,
  };
}

async function deliver(
  deps: FollowStreamsDeps,
  consumer: StreamConsumer,
  records: StreamRecord[],
): Promise<void> {
  let pending = records;
  let retries = 0;
  while (pending.length > 0 && !deps.signal.aborted) {
    const batch = pending.slice(0, consumer.batchSize);
    const done = await deliverBatch(deps, consumer, batch);
    pending = pending.slice(done);
    if (done === batch.length) {
      retries = 0;
      continue;
    }
    retries = done > 0 ? 1 : retries + 1;
    const [failed] = pending;
    if (retries > consumer.maximumRetryAttempts && failed !== undefined) {
      deps.onGivenUp(consumer.functionKey, failed);
      pending = pending.slice(1);
      retries = 0;
    }
    await wait(Math.min(RETRY_AFTER_MS_MAX, RETRY_AFTER_MS * 2 ** Math.max(0, retries - 1)));
  }
}

/** How many records from the front on were done with. */
async function deliverBatch(
  deps: FollowStreamsDeps,
  { functionKey }: StreamConsumer,
  batch: readonly StreamRecord[],
): Promise<number> {
  try {
    const answer = (await deps.invoke(functionKey, { Records: batch.map(lambdaRecord) })) as {
      batchItemFailures?: Array<{ itemIdentifier: string }>;
    } | null;
    const failures = new Set(answer?.batchItemFailures?.map((failure) => failure.itemIdentifier));
    const firstFailed = batch.findIndex(({ dynamodb }) => failures.has(dynamodb?.SequenceNumber ?? ""));
    return firstFailed === -1 ? batch.length : firstFailed;
  } catch {
    return 0;
  }
}

/** The record as Lambda hands it over, which is not quite as the API answers it. */
export function lambdaRecord({ userIdentity, dynamodb, ...record }: StreamRecord): object {
  return {
    ...record,
    dynamodb: {
      ...dynamodb,
      ApproximateCreationDateTime: (dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0) / 1000,
    },
    ...(userIdentity && {
      userIdentity: { principalId: userIdentity.PrincipalId, type: userIdentity.Type },
    }),
  };
}
