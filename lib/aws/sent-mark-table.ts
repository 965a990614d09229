import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { SentMarks } from "../session/send-notice.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { type Item, toItem } from "./item.ts";

/** A stream keeps a record for a day: twice that is more than it can be delivered again. */
const KEPT_SECONDS = 172_800;

/** Which records letters were sent for, in the sessions table until its expiry removes them. */
export function sentMarkTable(client: DynamoDBClient = dynamoClient()): SentMarks {
  return {
    has: async (recordId) => {
      const rows = await readRows(client, { [env.sessionsTable]: [markKey(recordId)] });
      return rows[env.sessionsTable]?.length === 1;
    },
    add: async (recordId, nowMs) => {
      const Item = { ...markKey(recordId), ...toItem({ ttl: Math.ceil(nowMs / 1000) + KEPT_SECONDS }) };
      try {
        await client.send(new PutItemCommand({ TableName: env.sessionsTable, Item }));
      } catch (thrown) {
        throw translated(thrown);
      }
    },
  };
}

function markKey(recordId: string): Item {
  return { pk: { S: `notice#${recordId}` }, sk: { S: "sent" } };
}
