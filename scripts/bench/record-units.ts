import {
  type AttributeValue,
  BatchGetItemCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
} from "@aws-sdk/client-dynamodb";
import { readTableDefinitions, type TableKey } from "../local/tables.ts";
import { entryUnits, type IndexShape, rowUnits } from "./write-units.ts";

type Item = Record<string, AttributeValue>;

/** Capacity that one partition key of a table or of one of its indexes was asked for. */
export interface SpentUnits {
  /** The table's name. */
  readonly table: string;
  readonly index?: string;
  /** The partition key. */
  readonly key: string;
  /** The sort key of the row, where one row was asked for. */
  readonly sort?: string;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** The row as it was put. */
  readonly row?: Item;
}

/** What was recorded since it was last asked. */
export interface Recorded {
  readonly spent: readonly SpentUnits[];
  /** Calls that failed, or were refused: where one is made again after its answer was lost, its write is not counted. */
  readonly refused: number;
}

/** The indexes of each table, by its name and theirs. */
type Indexes = ReadonlyMap<string, ReadonlyMap<string, IndexShape>>;

interface Capacity {
  readonly TableName?: string;
  readonly CapacityUnits?: number;
}

/** A row that a call reads or writes: by its key, or whole. */
interface Asked {
  readonly table: string;
  readonly key: Item;
  readonly row?: Item;
}

let recorders = 0;

/**
 * Records what each call of a client costs, by partition key. Of reads it is what DynamoDB says they took. Of writes it is
 * what the rows before and after them cost by its published rules, twice in a transaction: for that DynamoDB Local says
 * four units whatever the row, so long as it is small. Where a write is none, both have to say the same. `take` gives what
 * was recorded since it was last asked.
 */
export function recordUnits(client: DynamoDBClient): { take(): Recorded } {
  const aside = clientAside();
  const indexesOf = indexes();
  let spent: SpentUnits[] = [];
  let refused = 0;
  client.middlewareStack.add(
    (next, context) => async (call) => {
      const input = call.input as object;
      const isWrite = /^(Put|Update|Delete|TransactWrite|BatchWrite)/.test(context.commandName ?? "");
      const asked = isWrite ? rowsOf(input) : [];
      const before = await imagesOf(aside, asked);
      const result = await next({ ...call, input: { ...call.input, ReturnConsumedCapacity: "TOTAL" } }).catch(
        (thrown: unknown) => {
          refused += 1;
          throw thrown;
        },
      );
      const { ConsumedCapacity } = result.output as { ConsumedCapacity?: Capacity | readonly Capacity[] };
      const consumed = [ConsumedCapacity ?? []].flat();
      if (isWrite) {
        const after = await imagesOf(aside, asked);
        const isTransaction = context.commandName?.startsWith("Transact") ?? false;
        const units = asked.flatMap((row) =>
          written(indexesOf, row, { before, after, times: isTransaction ? 2 : 1 }),
        );
        if (!isTransaction) refuseOther(units, consumed);
        spent.push(...units);
      } else spent.push(...consumed.flatMap((one) => read(one, input)));
      return result;
    },
    { step: "initialize", name: `recordUnits${++recorders}` },
  );
  return {
    take: () => {
      const taken = { spent, refused };
      spent = [];
      refused = 0;
      return taken;
    },
  };
}

/** Reads rows beside the calls that are recorded. */
function clientAside(): DynamoDBClient {
  return new DynamoDBClient({
    endpoint: process.env["DYNAMODB_ENDPOINT"] ?? "",
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    // What is read beside is not to crowd out what is counted.
    requestHandler: { httpAgent: { maxSockets: 8 } },
  });
}

interface Images {
  readonly before: ReadonlyMap<string, Item>;
  readonly after: ReadonlyMap<string, Item>;
  readonly times: number;
}

function written(indexes: Indexes, asked: Asked, { before, after, times }: Images): readonly SpentUnits[] {
  const { table, key, row } = asked;
  const [was, is] = [before.get(nameOf(asked)), after.get(nameOf(asked))];
  const one = { table, sort: textOf(key["sk"]), readUnits: 0, ...(row === undefined ? {} : { row }) };
  const own = { ...one, key: textOf(key["pk"]), writeUnits: times * rowUnits(was, is) };
  const entries = Array.from(indexes.get(table) ?? [], ([index, shape]) => ({
    ...{ ...one, index, key: textOf((is?.[shape.hash] === undefined ? was : is)?.[shape.hash]) },
    writeUnits: times * entryUnits(shape, was, is),
  }));
  return [own, ...entries.filter(({ writeUnits }) => writeUnits > 0)];
}

/** What the rules say has to be what DynamoDB Local says, where that can be asked. */
function refuseOther(units: readonly SpentUnits[], consumed: readonly Capacity[]): void {
  const ours = units.reduce((sum, { writeUnits }) => sum + writeUnits, 0);
  const theirs = consumed.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  if (ours === theirs) return;
  const of = units.map(({ table, index = "", key, writeUnits }) => `${table} ${index} ${key}: ${writeUnits}`);
  throw new Error(`By the rules a write takes ${ours} units, and ${theirs} were taken:\n${of.join("\n")}`);
}

/** A read of what is not there costs as much as one of a small row, which DynamoDB Local does not say. */
function read({ TableName: table = "", CapacityUnits = 0 }: Capacity, input: object): readonly SpentUnits[] {
  const { IndexName: index } = input as { IndexName?: string };
  const keys = keysRead(table, input);
  const least = keys.length * (isConsistent(table, input) ? 1 : 0.5);
  return keys.map((key) => ({
    ...{
      table,
      key: textOf(key["pk"]),
      readUnits: Math.max(CapacityUnits, least) / keys.length,
      writeUnits: 0,
    },
    ...(key["sk"] === undefined ? {} : { sort: textOf(key["sk"]) }),
    ...(index === undefined ? {} : { index }),
  }));
}

function isConsistent(table: string, input: object): boolean {
  if ("TransactItems" in input) return true;
  const asked = "RequestItems" in input ? (input.RequestItems as Keys)[table] : input;
  return (asked as { ConsistentRead?: boolean } | undefined)?.ConsistentRead ?? false;
}

/* ---- what calls ask for ---- */

type Write = { TableName?: string; Item?: Item; Key?: Item };
type Keys = Record<string, { Keys?: Item[] }>;

function rowsOf(input: object): readonly Asked[] {
  if ("TransactItems" in input) {
    const items = input.TransactItems as Record<string, Write>[];
    return items.flatMap((one) => Object.values(one)).flatMap(rowOf);
  }
  if ("RequestItems" in input) {
    const tables = input.RequestItems as Record<string, { PutRequest?: Write; DeleteRequest?: Write }[]>;
    return Object.entries(tables).flatMap(([TableName, requests]) =>
      requests.flatMap(({ PutRequest, DeleteRequest }) =>
        rowOf({ TableName, ...(PutRequest ?? DeleteRequest) }),
      ),
    );
  }
  return rowOf(input);
}

function rowOf({ TableName: table = "", Item: row, Key }: Write): readonly Asked[] {
  const { pk, sk } = row ?? Key ?? {};
  if (pk === undefined || sk === undefined) return [];
  return [{ table, key: { pk, sk }, ...(row === undefined ? {} : { row }) }];
}

function keysRead(table: string, input: object): readonly Item[] {
  if ("RequestItems" in input) return (input.RequestItems as Keys)[table]?.Keys ?? [];
  if ("Key" in input) return [input.Key as Item];
  if ("TransactItems" in input) {
    const gets = input.TransactItems as { Get?: Write }[];
    return gets.flatMap(({ Get }) => (Get?.TableName === table ? [Get.Key ?? {}] : []));
  }
  const { KeyConditionExpression = "", ExpressionAttributeValues = {} } = input as {
    KeyConditionExpression?: string;
    ExpressionAttributeValues?: Item;
  };
  const [, name = ""] = /^\S+ = (:\w+)/.exec(KeyConditionExpression) ?? [];
  const pk = ExpressionAttributeValues[name];
  return pk === undefined ? [] : [{ pk }];
}

/* ---- rows ---- */

async function imagesOf(aside: DynamoDBClient, asked: readonly Asked[]): Promise<ReadonlyMap<string, Item>> {
  const images = new Map<string, Item>();
  for (const [table, rows] of Map.groupBy(asked, (row) => row.table)) {
    const { Responses = {} } = await aside.send(
      new BatchGetItemCommand({
        RequestItems: { [table]: { Keys: rows.map(({ key }) => key), ConsistentRead: true } },
      }),
    );
    for (const row of Responses[table] ?? []) images.set(nameOf({ table, key: row }), row);
  }
  return images;
}

function nameOf({ table, key }: Asked): string {
  return JSON.stringify([table, textOf(key["pk"]), textOf(key["sk"])]);
}

function textOf(value: AttributeValue | undefined): string {
  return value?.S ?? "";
}

function indexes(): Indexes {
  return new Map(
    readTableDefinitions().map(([table, { GlobalSecondaryIndexes = [] }]) => [
      tableName(table),
      new Map(GlobalSecondaryIndexes.map((index) => [index.IndexName ?? "", shapeOf(index)])),
    ]),
  );
}

function shapeOf({ KeySchema = [], Projection }: GlobalSecondaryIndex): IndexShape {
  const [hash, range] = ["HASH", "RANGE"].map((type) => KeySchema.find(({ KeyType }) => KeyType === type));
  return {
    hash: hash?.AttributeName ?? "",
    ...(range?.AttributeName === undefined ? {} : { range: range.AttributeName }),
    holds: Projection?.ProjectionType === "ALL" ? "ALL" : "KEYS_ONLY",
  };
}

/** What a table is called in this process. */
export function tableName(table: TableKey): string {
  return process.env[`${table.toUpperCase()}_TABLE`] ?? "";
}
