import type { DynamoDBRecord } from "aws-lambda";
import { streamHandler } from "../../../lib/events/batch.ts";

const record = (SequenceNumber: string): DynamoDBRecord => ({
  eventID: `event-${SequenceNumber}`,
  dynamodb: { SequenceNumber },
});

function consumerThatFailsOn(bad: readonly string[]) {
  const handled: string[] = [];
  const failed: string[] = [];
  const handler = streamHandler(
    {
      name: "consumer",
      read: ({ dynamodb }) => (dynamodb?.SequenceNumber === "skip" ? undefined : dynamodb?.SequenceNumber),
      handle: async (sequence) => {
        if (bad.includes(sequence)) throw new Error("It cannot be worked off.");
        handled.push(sequence);
      },
    },
    { log: { failed: ({ eventId }) => failed.push(eventId) } },
  );
  return { handler, handled, failed };
}

describe("a batch of a stream", () => {
  test("is worked off in order, and what concerns nobody is passed over", async () => {
    const { handler, handled } = consumerThatFailsOn([]);
    const answer = await handler({ Records: ["1", "skip", "2", "3"].map(record) });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual(["1", "2", "3"]);
  });

  test("names the records that failed and is not stopped by them", async () => {
    const { handler, handled, failed } = consumerThatFailsOn(["1", "3"]);
    const answer = await handler({ Records: ["1", "2", "3", "4"].map(record) });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }, { itemIdentifier: "3" }] });
    expect(handled).toEqual(["2", "4"]);
    expect(failed).toEqual(["event-1", "event-3"]);
  });

  test("is not stopped by a record that cannot even be read", async () => {
    const handled: string[] = [];
    const handler = streamHandler(
      {
        name: "consumer",
        read: ({ eventID = "" }) => {
          if (eventID === "event-1") throw new Error("A row lacks the text sessionId.");
          return eventID;
        },
        handle: async (id) => {
          handled.push(id);
        },
      },
      { log: { failed: () => undefined } },
    );
    const answer = await handler({ Records: [record("1"), record("2")] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }] });
    expect(handled).toEqual(["event-2"]);
  });
});
