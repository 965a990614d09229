import type { DynamoDBRecord } from "aws-lambda";
import { groupedStreamHandler } from "../../../lib/events/grouped-batch.ts";

const record = (SequenceNumber: string): DynamoDBRecord => ({
  eventID: `event-${SequenceNumber}`,
  dynamodb: { SequenceNumber },
});

function consumerThatFailsOn(bad: string) {
  const handled: (readonly [string, readonly string[]])[] = [];
  const failed: string[] = [];
  const handler = groupedStreamHandler<string>(
    {
      name: "consumer",
      read: ({ dynamodb: { SequenceNumber = "" } = {} }) => {
        if (SequenceNumber === "broken") throw new Error("A row lacks the text record.");
        return SequenceNumber === "skip" ? undefined : SequenceNumber;
      },
      groupOf: (sequence) => sequence.slice(0, 1),
      handle: async (group, changes) => {
        if (group === bad) throw new Error("It cannot be worked off.");
        handled.push([group, changes]);
      },
    },
    { log: { failed: ({ eventId }) => failed.push(eventId) } },
  );
  return { handler, handled, failed };
}

describe("a batch that is worked off by group", () => {
  test("hands each group over once, in order, and passes over what concerns nobody", async () => {
    const { handler, handled } = consumerThatFailsOn("");
    const answer = await handler({ Records: ["a1", "b1", "skip", "a2", "a3", "b2"].map(record) });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual([
      ["a", ["a1", "a2", "a3"]],
      ["b", ["b1", "b2"]],
    ]);
  });

  test("names all records of a group that failed, in the order of the stream, and is not stopped by it", async () => {
    const { handler, handled, failed } = consumerThatFailsOn("b");
    const answer = await handler({ Records: ["b1", "a1", "broken", "b2"].map(record) });
    expect(answer).toEqual({
      batchItemFailures: [{ itemIdentifier: "b1" }, { itemIdentifier: "broken" }, { itemIdentifier: "b2" }],
    });
    expect(handled).toEqual([["a", ["a1"]]]);
    expect(failed.toSorted()).toEqual(["event-b1", "event-broken"]);
  });
});
