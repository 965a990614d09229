import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  type _Record,
  DynamoDBStreamsClient,
  type DynamoDBStreamsClientConfig,
  GetRecordsCommand,
} from "@aws-sdk/client-dynamodb-streams";
import {
  findShards,
  lambdaRecord,
  readStreamConsumers,
  type StreamConsumer,
  streamArnOf,
} from "../../scripts/local/streams.ts";
import type { TableKey, TableNames } from "../../scripts/local/tables.ts";
import { localAccess } from "./dynamodb-local.ts";

/** Hands records of one table over to those who subscribe to it. */
export type HandOver = (consumers: readonly StreamConsumer[], records: readonly _Record[]) => Promise<void>;

/** What handing over changes needs. */
export interface StreamDeliveryDeps {
  readonly client: DynamoDBClient;
  readonly tables: TableNames;
  readonly handOver: HandOver;
  /** How to reach the database of the tables; default that of the test file. */
  readonly access?: DynamoDBStreamsClientConfig;
}

/** Hands the changes of the tables to the functions that subscribe to them. */
export interface StreamDelivery {
  /**
   * Delivers what has changed since the last call, and what that changes in turn, until all is still.
   * @throws Error when a function throws or reports a failure
   */
  deliver(): Promise<void>;
  close(): void;
}

interface TableStream {
  readonly consumers: readonly StreamConsumer[];
  readonly arn: string;
  readonly shards: Map<string, string | undefined>;
  /** The shards that something has come from. */
  readonly begun: Set<string>;
}

/** Follows the streams of a test's own tables, as far as the test asks. */
export function streamDelivery(deps: StreamDeliveryDeps): StreamDelivery {
  const client = new DynamoDBStreamsClient(deps.access ?? localAccess());
  let opened: Promise<readonly TableStream[]> | undefined;

  const deliverOnce = async (): Promise<number> => {
    opened ??= openStreams(deps);
    let delivered = 0;
    for (const stream of await opened) {
      const records = await readOn(client, stream);
      delivered += records.length;
      if (records.length > 0) await deps.handOver(stream.consumers, records);
    }
    return delivered;
  };
  return {
    deliver: async () => {
      while ((await deliverOnce()) > 0);
    },
    close: () => client.destroy(),
  };
}

async function openStreams({ client, tables }: StreamDeliveryDeps): Promise<readonly TableStream[]> {
  const byTable = Map.groupBy(readStreamConsumers(), ({ table }) => table);
  return await Promise.all(
    Array.from(byTable, async ([table, consumers]: [TableKey, StreamConsumer[]]) => ({
      consumers,
      arn: await streamArnOf(client, tables[table]),
      shards: new Map(),
      begun: new Set(),
    })),
  );
}

async function readOn(
  client: DynamoDBStreamsClient,
  { arn, shards, begun }: TableStream,
): Promise<_Record[]> {
  await findShards(client, arn, shards);
  const read: _Record[] = [];
  for (const [shardId, start] of shards) {
    let iterator = start;
    for (let found = 1; iterator !== undefined && found > 0; ) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      found = page.Records?.length ?? 0;
      if (found > 0) begun.add(shardId);
      read.push(...(page.Records ?? []));
      iterator = page.NextShardIterator;
    }
    // Before the first record of a shard no place is kept: it is lost as soon as that record is there.
    if (begun.has(shardId)) shards.set(shardId, iterator);
    else shards.delete(shardId);
  }
  return read;
}

/** Hands all records to each consumer at once. @throws Error when a function throws or reports a failure */
export function handOverAll(invoke: (functionKey: string, event: object) => Promise<unknown>): HandOver {
  return async (consumers, records) => {
    for (const { functionKey } of consumers) {
      const answer = await invoke(functionKey, { Records: records.map(lambdaRecord) });
      const failures = (answer as { batchItemFailures?: readonly unknown[] } | null)?.batchItemFailures ?? [];
      if (failures.length > 0)
        throw new Error(`${functionKey} reported failures: ${JSON.stringify(failures)}`);
    }
  };
}
