import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { EventLogger } from "./event-logger.ts";

/** Who follows a table's stream, and what it makes of one change. */
export interface StreamConsumer<Change> {
  readonly name: string;
  /** Reads a record of the stream; `undefined` for what does not concern this consumer. */
  readonly read: (record: DynamoDBRecord) => Change | undefined;
  /** Works off one change. It comes at least once, at times twice at once: doing it again must change nothing. */
  readonly handle: (change: Change) => Promise<void>;
}

/** What following a stream needs. */
export interface StreamDeps {
  readonly log: Pick<EventLogger, "failed">;
}

/** The Lambda handler of a stream. It never throws: a throw would bring the whole batch again. */
export type StreamHandler = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

/**
 * Makes the Lambda handler of a table's stream. Each record is tried, in order, whatever became of those before it:
 * one that cannot be worked off never stops the rest. Those that failed are named, so that they come again until the
 * event source gives up on them and sends them to the dead-letter queue (`functions/functions.yml`).
 */
export function streamHandler<Change>(consumer: StreamConsumer<Change>, { log }: StreamDeps): StreamHandler {
  return async ({ Records }) => {
    const batchItemFailures: DynamoDBBatchResponse["batchItemFailures"] = [];
    for (const record of Records) {
      try {
        const change = consumer.read(record);
        if (change !== undefined) await consumer.handle(change);
      } catch (cause) {
        log.failed({ consumer: consumer.name, eventId: record.eventID ?? "" }, cause);
        batchItemFailures.push({ itemIdentifier: record.dynamodb?.SequenceNumber ?? "" });
      }
    }
    return { batchItemFailures };
  };
}
