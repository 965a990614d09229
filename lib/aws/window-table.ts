import { createHash } from "node:crypto";
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Window } from "../unusual/window.ts";
import type { StoredWindow, WindowChange, WindowStore } from "../unusual/window-store.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { type Item, number, text, toAttribute, toItem } from "./item.ts";
import { toPacked, unpacked } from "./packed.ts";

const BATCH_MAX = 100;
/** Writes under way at once. */
const AT_ONCE = 24;

/** The windows of rules in the derived table, a row each. */
export function windowTable(client: DynamoDBClient = dynamoClient()): WindowStore {
  return {
    load: async (keys) => {
      const found = new Map<string, StoredWindow>();
      const byRow = new Map(keys.map((key) => [windowPartition(key), key]));
      const wanted = keys.map(windowKey);
      for (let from = 0; from < wanted.length; from += BATCH_MAX) {
        const rows = await readRows(client, { [env.derivedTable]: wanted.slice(from, from + BATCH_MAX) });
        for (const row of rows[env.derivedTable] ?? []) {
          const key = byRow.get(text(row, "pk"));
          if (key !== undefined) found.set(key, windowOf(row));
        }
      }
      return found;
    },
    save: async (changes) => {
      const open = [...changes];
      let isAll = true;
      const work = async () => {
        for (let change = open.pop(); change !== undefined; change = open.pop()) {
          if (!(await put(client, change))) isAll = false;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return isAll;
    },
  };
}

async function put(
  client: DynamoDBClient,
  { key, after, before, keptUntilMs }: WindowChange,
): Promise<boolean> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: env.derivedTable,
        Item: {
          ...windowKey(key),
          ...toItem({ throughEntry: after.throughEntry, ttl: Math.ceil(keptUntilMs / 1000) }),
          window: toPacked(after.window),
        },
        ...(before === undefined
          ? { ConditionExpression: "attribute_not_exists(pk)" }
          : {
              ConditionExpression: "throughEntry = :before",
              ExpressionAttributeValues: { ":before": toAttribute(before) },
            }),
      }),
    );
    return true;
  } catch (thrown) {
    if (thrown instanceof ConditionalCheckFailedException) return false;
    throw translated(thrown);
  }
}

function windowOf(row: Item): StoredWindow {
  return { window: unpacked<Window>(row, "window"), throughEntry: number(row, "throughEntry") };
}

/** The key of a window; `key` begins with the tenant. */
export function windowKey(key: string): Item {
  return { pk: { S: windowPartition(key) }, sk: { S: "window" } };
}

/** Keys hold what records say, which can be of any length: of the row's key the tenant's id alone is readable. */
function windowPartition(key: string): string {
  const tenantId = key.slice(0, key.indexOf("#"));
  return `${tenantId}#window#${createHash("sha256").update(key).digest("base64url")}`;
}
