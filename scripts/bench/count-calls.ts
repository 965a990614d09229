import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** What some work cost in DynamoDB. */
export interface CallCount {
  /** Waits one after the other: calls that are under way together count once. */
  readonly tripsInARow: number;
  readonly calls: number;
  /** Those of the calls that write. */
  readonly writes: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Whether a call counts, by what it is asked with. */
export type Counts = (input: object) => boolean;

let counters = 0;

type Mutable = { -readonly [Name in keyof CallCount]: CallCount[Name] };
type Capacity = { readonly TableName?: string; readonly CapacityUnits?: number };

const WRITES = /^(Put|Update|Delete|TransactWrite|BatchWrite)/;

/** Counts the calls of a client from now on. `take` gives what was counted since it was last asked. */
export function countCalls(client: DynamoDBClient, counts: Counts = () => true): { take(): CallCount } {
  let count = nothing();
  let underWay = 0;
  client.middlewareStack.add(
    (next, context) => async (call) => {
      if (!counts(call.input)) return await next(call);
      if (underWay === 0) count.tripsInARow++;
      underWay++;
      count.calls++;
      try {
        const result = await next({ ...call, input: { ...call.input, ReturnConsumedCapacity: "TOTAL" } });
        const consumed = consumedBy(result.output);
        const units = consumed.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
        const isWrite = WRITES.test(context.commandName ?? "");
        count.writes += Number(isWrite);
        count[isWrite ? "writeUnits" : "readUnits"] += units;
        return result;
      } finally {
        underWay--;
      }
    },
    { step: "initialize", name: `countCalls${++counters}` },
  );
  return {
    take: () => {
      const taken = count;
      count = nothing();
      return taken;
    },
  };
}

function nothing(): Mutable {
  return { tripsInARow: 0, calls: 0, writes: 0, readUnits: 0, writeUnits: 0 };
}

function consumedBy(output: object): readonly Capacity[] {
  const { ConsumedCapacity } = output as { ConsumedCapacity?: Capacity | readonly Capacity[] };
  return [ConsumedCapacity ?? []].flat();
}
