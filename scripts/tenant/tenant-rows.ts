import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { env } from "../../lib/aws/env.ts";
import type { Item } from "../../lib/aws/item.ts";

/** The tables in the order that an export has them in. */
export const TABLES = {
  identity: env.identityTable,
  sessions: env.sessionsTable,
  activity: env.activityTable,
  billing: env.billingTable,
  derived: env.derivedTable,
} as const;

/** One of the tables, by what it holds. */
export type TableKey = keyof typeof TABLES;

/** The names of the tables, by key. */
export const TABLE_KEYS: readonly TableKey[] = ["identity", "sessions", "activity", "billing", "derived"];

/** The partition of erasures under way: their rows are not the tenant's. */
export const ERASURES = "erasures";

/**
 * Every row of a tenant in one table, a page at a time. Its partitions cannot be listed: usage events, claims and the like
 * are under digests. So the whole table is read, consistently, and the table itself picks the rows whose key begins with
 * the tenant, in either part, or which say whose they are (an address, a passkey, a client).
 */
export async function* tenantRows(
  client: DynamoDBClient,
  table: TableKey,
  tenantId: string,
): AsyncGenerator<readonly Item[]> {
  let from: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName: TABLES[table],
        FilterExpression:
          "pk <> :erasures AND (begins_with(pk, :tenant) OR begins_with(sk, :tenant) OR tenantId = :tenant)",
        ExpressionAttributeValues: { ":tenant": { S: tenantId }, ":erasures": { S: ERASURES } },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    if (Items.length > 0) yield Items;
    from = LastEvaluatedKey;
  } while (from !== undefined);
}

/** Whether a row is of an invoice that is final: the document, its contents, and how many numbers were given out. */
export function isFinalInvoice(tenantId: string, row: Item): boolean {
  const pk = row["pk"]?.S ?? "";
  if (pk === `${tenantId}#invoices`) return row["status"]?.S === "final";
  return pk === `${tenantId}#numbers` || (pk.startsWith(`${tenantId}#inv_`) && pk.includes("#final#"));
}
