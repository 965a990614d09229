import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import type { Chore, ChoreList } from "../billing/chore.ts";
import { putBilling } from "./billing-rows.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { toItem } from "./item.ts";

/** A chore that nobody could do in a week has been handed out again many times since. */
const KEPT_SECONDS = 7 * 86_400;

/** Chores as rows of the billing table: its stream hands each to a function, as often as it takes. */
export function billingChoreTable(client: DynamoDBClient = dynamoClient()): ChoreList {
  return {
    add: async (chores, askedAtMs) => {
      const ttl = Math.ceil(askedAtMs / 1000) + KEPT_SECONDS;
      await putBilling(
        client,
        // A row that says the same as before is no change, and the stream would not tell of it.
        chores.map((chore) => toItem({ ...choreKey(chore), chore, askedAtMs, ttl })),
      );
    },
  };
}

/** Reads a change of the billing table; `undefined` for what is not a chore, or has left. */
export function choreIn({ eventName, dynamodb }: DynamoDBRecord): Chore | undefined {
  const row: Readonly<Record<string, AttributeValue>> = dynamodb?.NewImage ?? {};
  const written = row["chore"]?.S;
  return eventName === "REMOVE" || written === undefined ? undefined : (JSON.parse(written) as Chore);
}

function choreKey(chore: Chore) {
  const pk = `${chore.tenantId}#chores`;
  return { pk, sk: chore.is === "close" ? `close#${chore.month}` : chore.is };
}
