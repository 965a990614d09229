import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient, type _Record as StreamRecord } from "@aws-sdk/client-dynamodb-streams";
import { followStreams, type Invoke, type StreamConsumer } from "../../scripts/local/streams.ts";
import { createTables, localAccess, localClient } from "../support/dynamodb-local.ts";

const client = localClient();
const streams = new DynamoDBStreamsClient(localAccess());
afterAll(() => {
  client.destroy();
  streams.destroy();
});

const consumer: StreamConsumer = {
  functionKey: "consumer",
  table: "activity",
  batchSize: 10,
  maximumRetryAttempts: 1,
};

describe("the streams of a local run", () => {
  test("reach every consumer in order", async () => {
    const consumers = [consumer, { ...consumer, functionKey: "other" }];
    const { seen } = await follow("streams-order", { names: ["a", "b", "c"], consumers, expected: 6 });
    expect(seen("consumer")).toEqual(["a", "b", "c"]);
    expect(seen("other")).toEqual(["a", "b", "c"]);
  });

  test("come in batches as large as the consumer takes them", async () => {
    const consumers = [{ ...consumer, batchSize: 2 }];
    const { batches } = await follow("streams-batch", { names: ["a", "b", "c"], consumers, expected: 3 });
    expect(batches).toEqual([2, 1]);
  });

  test("are delivered again from the record that was reported as failed", async () => {
    let failures = 1;
    const { seen, givenUp } = await follow("streams-again", {
      names: ["a", "b", "c"],
      consumers: [consumer],
      expected: 5,
      invoke: async (_key, event) => {
        const failing = recordsOf(event).find((record) => nameOf(record) === "b");
        const failed = failing !== undefined && failures-- > 0 ? [failing] : [];
        return {
          batchItemFailures: failed.map(({ dynamodb }) => ({ itemIdentifier: dynamodb?.SequenceNumber })),
        };
      },
    });
    expect(seen("consumer")).toEqual(["a", "b", "c", "b", "c"]);
    expect(givenUp).toEqual([]);
  });

  test("go on without a record that fails for good, and say which it was", async () => {
    const { seen, givenUp } = await follow("streams-poison", {
      names: ["poison", "after"],
      consumers: [consumer],
      expected: 5,
      invoke: async (_key, event) => {
        if (recordsOf(event).some((record) => nameOf(record) === "poison")) throw new Error("cannot");
        return null;
      },
    });
    expect(seen("consumer")).toEqual(["poison", "after", "poison", "after", "after"]);
    expect(givenUp).toEqual(["poison"]);
  });
});

interface Following {
  /** Written before anybody listens, so that they come in one page. */
  readonly names: readonly string[];
  readonly consumers: readonly StreamConsumer[];
  /** Over after as many deliveries of records. */
  readonly expected: number;
  readonly invoke?: Invoke;
}

async function follow(prefix: string, { names, consumers, expected, invoke }: Following) {
  const tables = await createTables(prefix);
  for (const name of names) {
    const Item = { pk: { S: "tenant" }, sk: { S: name } };
    await client.send(new PutItemCommand({ TableName: tables.activity, Item }));
  }
  const seen: Array<{ readonly key: string; readonly name: string }> = [];
  const batches: number[] = [];
  const givenUp: string[] = [];
  const ending = new AbortController();
  await followStreams(
    {
      client,
      streams,
      tables,
      signal: ending.signal,
      onError: (_table, error) => {
        throw error;
      },
      onGivenUp: (_key, record) => givenUp.push(nameOf(record)),
      invoke: async (key, event) => {
        const records = recordsOf(event);
        batches.push(records.length);
        seen.push(...records.map((record) => ({ key, name: nameOf(record) })));
        if (seen.length >= expected) ending.abort();
        return (await invoke?.(key, event)) ?? null;
      },
    },
    consumers,
  );
  const seenBy = (key: string) => seen.filter((record) => record.key === key).map(({ name }) => name);
  return { seen: seenBy, batches, givenUp };
}

function recordsOf(event: unknown): StreamRecord[] {
  return (event as { Records: StreamRecord[] }).Records;
}

function nameOf(record: StreamRecord): string {
  return record.dynamodb?.Keys?.["sk"]?.S ?? "";
}
