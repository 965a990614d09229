import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** What calls have cost. */
export interface Units {
  readonly calls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

interface Consumed {
  readonly CapacityUnits?: number;
}

const WRITES = /^(Put|Update|Delete|BatchWrite|TransactWrite)/;

/** Counts the calls of a client and the units that DynamoDB says they took; `taken` starts again from nothing. */
export function countUnits(client: DynamoDBClient): { taken(): Units } {
  let units: Units = { calls: 0, readUnits: 0, writeUnits: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const input = { ...args.input, ReturnConsumedCapacity: "TOTAL" };
      const isWrite = WRITES.test(context.commandName ?? "");
      try {
        const result = await next({ ...args, input } as typeof args);
        add(isWrite, (result.output as { ConsumedCapacity?: Consumed | Consumed[] }).ConsumedCapacity);
        return result;
      } catch (thrown) {
        // A write that a condition refuses costs one unit for each KiB all the same, and does not say so.
        add(isWrite, { CapacityUnits: 1 });
        throw thrown;
      }
    },
    { step: "initialize", name: "countUnits" },
  );
  const add = (isWrite: boolean, consumed: Consumed | readonly Consumed[] | undefined) => {
    const taken = [consumed ?? []].flat().reduce((sum, one) => sum + (one.CapacityUnits ?? 0), 0);
    units = {
      calls: units.calls + 1,
      readUnits: units.readUnits + (isWrite ? 0 : taken),
      writeUnits: units.writeUnits + (isWrite ? taken : 0),
    };
  };
  return {
    taken: () => {
      const before = units;
      units = { calls: 0, readUnits: 0, writeUnits: 0 };
      return before;
    },
  };
}
