import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** What some work cost in DynamoDB. */
export interface CallCount {
  /** Waits one after the other: calls that are under way together count once. */
  readonly tripsInARow: number;
  readonly calls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

type Mutable = { -readonly [Name in keyof CallCount]: CallCount[Name] };
type Capacity = { readonly CapacityUnits?: number };

const WRITES = /^(Put|Update|Delete|TransactWrite|BatchWrite)/;

/** Counts every call of a client from now on. `take` gives what was counted since it was last asked. */
export function countCalls(client: DynamoDBClient): { take(): CallCount } {
  let count = nothing();
  let underWay = 0;
  client.middlewareStack.add(
    (next, context) => async (call) => {
      if (underWay === 0) count.tripsInARow++;
      underWay++;
      count.calls++;
      try {
        const result = await next({ ...call, input: { ...call.input, ReturnConsumedCapacity: "TOTAL" } });
        const units = unitsOf(result.output);
        if (WRITES.test(context.commandName ?? "")) count.writeUnits += units;
        else count.readUnits += units;
        return result;
      } finally {
        underWay--;
      }
    },
    { step: "initialize", name: "countCalls" },
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
  return { tripsInARow: 0, calls: 0, readUnits: 0, writeUnits: 0 };
}

function unitsOf(output: object): number {
  const { ConsumedCapacity } = output as { ConsumedCapacity?: Capacity | readonly Capacity[] };
  return [ConsumedCapacity ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}
