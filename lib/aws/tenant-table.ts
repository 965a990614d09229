import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import { PLATFORM_TENANT_ID, recordedTenant, type Tenant } from "../identity/tenant.ts";
import type { TenantListQuery, TenantPage, TenantStore } from "../identity/tenant-store.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { tenantKey, tenantOf } from "./identity-item.ts";
import { text, toItem } from "./item.ts";

/** The tenants in the identity table. */
export function tenantTable(client: DynamoDBClient = dynamoClient()): TenantStore {
  return {
    get: async (tenantId) => {
      try {
        const { Item } = await client.send(
          new GetItemCommand({
            TableName: env.identityTable,
            Key: tenantKey(tenantId),
            ConsistentRead: true,
          }),
        );
        return Item === undefined ? undefined : tenantOf(Item);
      } catch (thrown) {
        throw translated(thrown);
      }
    },
    list: (query) => listTenants(client, query),
    change: async (before, after, trail) => {
      trail.changed(changesBetween(recordedTenant(before), recordedTenant(after)));
      return await commitGuarded(client, [{ write: rewrite(before, after), refusal: "moved" }], { trail });
    },
  };
}

/** The row that puts a tenant on the list of all. */
export function registryItem({ tenantId }: Pick<Tenant, "tenantId">) {
  return toItem({ pk: "tenants", sk: tenantId });
}

/** A page of ids from the registry, and then the tenants themselves. The platform's own id sorts before all others. */
async function listTenants(client: DynamoDBClient, query: TenantListQuery): Promise<TenantPage> {
  const { limit, afterId } = query;
  try {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: env.identityTable,
        KeyConditionExpression: "pk = :registry AND sk > :platform",
        ExpressionAttributeValues: { ":registry": { S: "tenants" }, ":platform": { S: PLATFORM_TENANT_ID } },
        ConsistentRead: true,
        ScanIndexForward: false,
        // One more than asked for tells whether there is a next page.
        Limit: limit + 1,
        ...(afterId === undefined ? {} : { ExclusiveStartKey: registryItem({ tenantId: afterId }) }),
      }),
    );
    const ids = Items.slice(0, limit).map((row) => text(row, "sk"));
    const last = ids.at(-1);
    return {
      tenants: await readTenants(client, ids),
      ...(Items.length <= limit || last === undefined ? {} : { nextAfterId: last }),
    };
  } catch (thrown) {
    throw translated(thrown);
  }
}

/** A batch reads 100 rows at most, in no particular order. */
async function readTenants(client: DynamoDBClient, ids: readonly string[]): Promise<readonly Tenant[]> {
  const found = new Map<string, Tenant>();
  for (let from = 0; from < ids.length; from += 100) {
    const keys = ids.slice(from, from + 100).map(tenantKey);
    const rows = await readRows(client, { [env.identityTable]: keys });
    for (const tenant of (rows[env.identityTable] ?? []).map(tenantOf)) found.set(tenant.tenantId, tenant);
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** `rolesVersion` is left alone: roles may be changing at this very moment. */
function rewrite(before: Tenant, after: Tenant): TransactWriteItem {
  return {
    Update: {
      TableName: env.identityTable,
      Key: tenantKey(before.tenantId),
      UpdateExpression: "SET #name = :name, #status = :status, #policy = :policy, #version = :version",
      ConditionExpression: "#version = :before",
      ExpressionAttributeNames: {
        "#name": "name",
        "#status": "status",
        "#policy": "policy",
        "#version": "version",
      },
      ExpressionAttributeValues: toItem({
        ":name": after.name,
        ":status": after.status,
        ":policy": after.policy,
        ":version": after.version,
        ":before": before.version,
      }),
    },
  };
}
