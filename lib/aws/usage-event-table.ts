import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { nameOf, type UsageEvent, type Voiding } from "../usage/usage-event.ts";
import type { AddOutcome, UsageEventStore } from "../usage/usage-store.ts";
import { readBilling } from "./billing-rows.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { optionalText, toAttribute } from "./item.ts";
import { commit } from "./transact.ts";
import { usageEventKey, usageEventOf, usageEventPut } from "./usage-event-item.ts";

/** The usage events in the billing table. Adding one costs two write units: the row, and its place in the index. */
export function usageEventTable(client: DynamoDBClient = dynamoClient()): UsageEventStore {
  return {
    add: (event, requestId) => add(client, event, requestId),
    find: async (tenantId, names) => {
      const keys = new Map(names.map((name) => [nameOf(name), usageEventKey(tenantId, name)]));
      return (await readBilling(client, [...keys.values()])).map(usageEventOf);
    },
    markVoid: (events, voiding, trail) =>
      commit(client, { writes: events.map((event) => voidUpdate(event, voiding)), trail }),
  };
}

async function add(client: DynamoDBClient, event: UsageEvent, requestId: string): Promise<AddOutcome> {
  try {
    await client.send(new PutItemCommand(usageEventPut(event, requestId)));
    return { is: "added" };
  } catch (thrown) {
    if (!(thrown instanceof ConditionalCheckFailedException)) throw translated(thrown);
    const { Item: before } = thrown;
    if (before === undefined) throw new Error("A refused claim came without the row that stands in its way.");
    // The client repeats a call whose answer was lost: what stands in the way may be what it wrote itself.
    if (optionalText(before, "requestId") === requestId) return { is: "added" };
    return { is: "there", before: usageEventOf(before) };
  }
}

function voidUpdate(event: UsageEvent, voiding: Voiding): TransactWriteItem {
  return {
    Update: {
      TableName: env.billingTable,
      Key: usageEventKey(event.tenantId, event),
      UpdateExpression: "SET voided = if_not_exists(voided, :voiding)",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeValues: { ":voiding": toAttribute(voiding) },
    },
  };
}
