import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import { type CardOverrideDocument, overrideDocument, overrideOf } from "../billing/card-document.ts";
import { type BillingTerms, NO_TERMS, type TermsStore } from "../billing/terms.ts";
import { getBilling } from "./billing-rows.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { document, type Item, number, toItem } from "./item.ts";

/** What was agreed with tenants, in the billing table: a row for each version. */
export function billingTermsTable(client: DynamoDBClient = dynamoClient()): TermsStore {
  return {
    newest: (tenantId) => readNewest(client, tenantId),
    get: async (tenantId, version) => {
      if (version === 0) return NO_TERMS;
      const row = await getBilling(client, termsKey(tenantId, version));
      if (row === undefined) throw new Error("Terms that a month was rated with cannot be found.");
      return termsOf(row);
    },
    replace: ({ tenantId, before, after }, trail) => {
      const override = overrideDocument(after.override);
      trail.changed(changesBetween(overrideDocument(before.override), override));
      const Item = {
        ...termsKey(tenantId, after.version),
        ...toItem({ version: after.version, override }),
      };
      const write = {
        Put: { TableName: env.billingTable, Item, ConditionExpression: "attribute_not_exists(pk)" },
      };
      return commitGuarded(client, [{ write, refusal: "stale" }], { trail });
    },
  };
}

async function readNewest(client: DynamoDBClient, tenantId: string): Promise<BillingTerms> {
  try {
    const { Items: [row] = [] } = await client.send(
      new QueryCommand({
        TableName: env.billingTable,
        KeyConditionExpression: "pk = :terms",
        ExpressionAttributeValues: { ":terms": termsKey(tenantId, 0).pk },
        ScanIndexForward: false,
        Limit: 1,
        ConsistentRead: true,
      }),
    );
    return row === undefined ? NO_TERMS : termsOf(row);
  } catch (thrown) {
    throw translated(thrown);
  }
}

/** Versions sort by their number. */
function termsKey(tenantId: string, version: number) {
  return { pk: { S: `${tenantId}#terms` }, sk: { S: `v#${String(version).padStart(10, "0")}` } };
}

function termsOf(row: Item): BillingTerms {
  return {
    version: number(row, "version"),
    override: overrideOf(document<CardOverrideDocument>(row, "override")),
  };
}
