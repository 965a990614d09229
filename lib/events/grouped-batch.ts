import type { DynamoDBRecord } from "aws-lambda";
import type { StreamConsumer, StreamDeps, StreamHandler } from "./batch.ts";

/** Who follows a table's stream and works off together what belongs together. */
export interface GroupedStreamConsumer<Change> extends Omit<StreamConsumer<Change>, "handle"> {
  /** Changes of one group are handed over together, in order; groups have nothing to do with each other. */
  readonly groupOf: (change: Change) => string;
  /** Works off changes of one group, at least once, at times twice at once: again must change nothing. */
  readonly handle: (group: string, changes: readonly [Change, ...Change[]]) => Promise<void>;
}

interface Group<Change> {
  readonly records: readonly DynamoDBRecord[];
  readonly changes: readonly [Change, ...Change[]];
}

/**
 * Makes the Lambda handler of a table's stream whose batches are worked off by group. A group that fails stops no other;
 * all of its records are named, so that they come again, together.
 */
export function groupedStreamHandler<Change>(
  consumer: GroupedStreamConsumer<Change>,
  { log }: StreamDeps,
): StreamHandler {
  return async ({ Records }) => {
    const failed = new Set<DynamoDBRecord>();
    const fail = (records: readonly DynamoDBRecord[], cause: unknown): void => {
      log.failed({ consumer: consumer.name, eventId: records[0]?.eventID ?? "" }, cause);
      for (const record of records) failed.add(record);
    };
    const groups = groupsOf(consumer, Records, fail);
    await Promise.all(
      Array.from(groups, async ([group, { records, changes }]) => {
        try {
          await consumer.handle(group, changes);
        } catch (cause) {
          fail(records, cause);
        }
      }),
    );
    return {
      batchItemFailures: Records.filter((record) => failed.has(record)).map(({ dynamodb }) => ({
        itemIdentifier: dynamodb?.SequenceNumber ?? "",
      })),
    };
  };
}

function groupsOf<Change>(
  consumer: GroupedStreamConsumer<Change>,
  records: readonly DynamoDBRecord[],
  fail: (records: readonly DynamoDBRecord[], cause: unknown) => void,
): ReadonlyMap<string, Group<Change>> {
  const groups = new Map<string, Group<Change>>();
  for (const record of records) {
    try {
      const change = consumer.read(record);
      if (change === undefined) continue;
      const name = consumer.groupOf(change);
      const { records: before = [], changes = [] } = groups.get(name) ?? {};
      const [first, ...rest] = [...changes, change];
      if (first !== undefined) groups.set(name, { records: [...before, record], changes: [first, ...rest] });
    } catch (cause) {
      fail([record], cause);
    }
  }
  return groups;
}
