import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Tenant } from "../identity/tenant.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { tenantKey, tenantOf } from "./identity-item.ts";
import { type Item, text } from "./item.ts";

/** What the platform's own work reads of tenants. */
export interface TenantReader {
  get(tenantId: string): Promise<Tenant | undefined>;
  /** The ids of all tenants, a page at a time. */
  ids(): AsyncIterable<string>;
}

/** Tenants in the identity table. */
export function tenantReader(client: DynamoDBClient = dynamoClient()): TenantReader {
  return {
    get: async (tenantId) => {
      const rows = await readRows(client, { [env.identityTable]: [tenantKey(tenantId)] });
      const row = rows[env.identityTable]?.[0];
      return row === undefined ? undefined : tenantOf(row);
    },
    ids: () => tenantIds(client),
  };
}

async function* tenantIds(client: DynamoDBClient): AsyncGenerator<string> {
  let startKey: Item | undefined;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: env.identityTable,
          KeyConditionExpression: "pk = :registry",
          ExpressionAttributeValues: { ":registry": { S: "tenants" } },
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      for (const row of Items) yield text(row, "sk");
      startKey = LastEvaluatedKey;
    } while (startKey !== undefined);
  } catch (thrown) {
    throw translated(thrown);
  }
}
