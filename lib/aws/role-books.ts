import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { createRoleBook, type RoleBook } from "../access/role-book.ts";
import type { Role, Statement } from "../access/statement.ts";
import { isPlatform, type Tenant } from "../identity/tenant.ts";
import type { RoleBooks } from "../session/caller.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { document, type Item, number, text } from "./item.ts";

/** Tenants whose compiled roles a function remembers. */
const BOOKS_MAX = 500;

/**
 * The role books of tenants, each compiled once for its `rolesVersion`. The version comes from the tenant row that
 * every request reads, so that what is remembered is never used after a change.
 */
export function roleBooks(client: DynamoDBClient = dynamoClient()): RoleBooks {
  const known = new Map<string, { readonly version: number; readonly book: RoleBook }>();
  return {
    bookOf: async (tenant) => {
      const remembered = known.get(tenant.tenantId);
      if (remembered?.version === tenant.rolesVersion) return remembered.book;
      const customRoles = tenant.rolesVersion === 0 ? [] : await readRoles(client, tenant);
      const book = createRoleBook({ customRoles, isPlatform: isPlatform(tenant.tenantId) });
      if (known.size >= BOOKS_MAX) known.clear();
      known.set(tenant.tenantId, { version: tenant.rolesVersion, book });
      return book;
    },
  };
}

/** Reads a role's row. */
function roleOf(item: Item): Role {
  return {
    name: text(item, "name"),
    description: text(item, "description"),
    statements: document<readonly Statement[]>(item, "statements"),
    version: number(item, "version"),
  };
}

async function readRoles(client: DynamoDBClient, tenant: Tenant): Promise<Role[]> {
  const roles: Role[] = [];
  let startKey: Item | undefined;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: env.identityTable,
          KeyConditionExpression: "pk = :tenant AND begins_with(sk, :role)",
          ExpressionAttributeValues: { ":tenant": { S: tenant.tenantId }, ":role": { S: "role#" } },
          ConsistentRead: true,
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      roles.push(...Items.map(roleOf));
      startKey = LastEvaluatedKey;
    } while (startKey !== undefined);
  } catch (thrown) {
    throw translated(thrown);
  }
  return roles;
}
