import type { DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Payment } from "../billing/apply-credits.ts";
import type { CreditStore, KeptCredit } from "../billing/credit-store.ts";
import { queryBilling } from "./billing-rows.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { document, type Item, text, toItem } from "./item.ts";

/** Credits in the billing table: a row for each, with its balance beside it. */
export function creditTable(client: DynamoDBClient = dynamoClient()): CreditStore {
  return {
    all: async (tenantId) => {
      const credits: KeptCredit[] = [];
      const rows = queryBilling(client, {
        KeyConditionExpression: "pk = :credits",
        ExpressionAttributeValues: { ":credits": creditKey(tenantId, "").pk },
        ConsistentRead: true,
      });
      for await (const row of rows) credits.push(creditOf(row));
      return credits;
    },
    grant: async (tenantId, { balance, ...credit }, trail) => {
      const Item = { ...creditKey(tenantId, credit.id), ...toItem({ credit, balance }) };
      const write = {
        Put: { TableName: env.billingTable, Item, ConditionExpression: "attribute_not_exists(pk)" },
      };
      // The same id is the same request again, whose answer was lost.
      await commitGuarded(client, [{ write, refusal: "granted before" }], { trail });
    },
  };
}

/** What an invoice takes of a credit; refused where its balance is not any more as it was read. */
export function creditUseWrite(tenantId: string, use: Payment["applied"][number]): TransactWriteItem {
  return {
    Update: {
      TableName: env.billingTable,
      Key: creditKey(tenantId, use.creditId),
      UpdateExpression: "SET balance = :after",
      ConditionExpression: "balance = :before",
      ExpressionAttributeValues: { ":after": { S: use.balanceAfter }, ":before": { S: use.balanceBefore } },
    },
  };
}

function creditKey(tenantId: string, id: string) {
  return { pk: { S: `${tenantId}#credits` }, sk: { S: id } };
}

function creditOf(row: Item): KeptCredit {
  return { ...document<Omit<KeptCredit, "balance">>(row, "credit"), balance: text(row, "balance") };
}
