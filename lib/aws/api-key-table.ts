import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import type { Trail } from "../activity/trail.ts";
import {
  type ApiKey,
  type ApiKeyListQuery,
  type ApiKeyPage,
  type ApiKeyStore,
  type KeyAtSignIn,
  type NewApiKey,
  recordedKey,
} from "../workflow/api-key.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { tenantKey, tenantOf } from "./identity-item.ts";
import { type Item, text, toAttribute, toItem } from "./item.ts";
import { countHolders } from "./role-table.ts";
import { apiKeyKey, apiKeyOf } from "./workflow-principals.ts";

/** API keys in the identity table: a row in their tenant, and one by which a key is found by its id alone. */
export function apiKeyTable(client: DynamoDBClient = dynamoClient()): ApiKeyStore {
  return {
    add: (made, trail) => add(client, made, trail),
    get: async (tenantId, keyId) => {
      const row = await getRow(client, apiKeyKey(tenantId, keyId));
      return row === undefined ? undefined : apiKeyOf(row);
    },
    list: (query) => list(client, query),
    remove: async (key, trail) => {
      trail.changed(changesBetween(recordedKey(key), {}));
      const gone = removals(key).map((write) => ({ write, refusal: "gone" }) as const);
      // A role that is held cannot be deleted: letting go of it is never refused.
      const freed = countHolders({ tenantId: key.tenantId, given: [], taken: key.roles }).map(
        ({ write }) => ({ write, refusal: "gone" }) as const,
      );
      return await commitGuarded(client, [...gone, ...freed], { trail });
    },
    findForSignIn: (keyId) => findForSignIn(client, keyId),
    markUsed: (key, atMs) => markUsed(client, key, atMs),
  };
}

/** The row that finds a key's tenant. */
function clientKey(keyId: string): Item {
  return { pk: { S: `client#${keyId}` }, sk: { S: "client" } };
}

async function getRow(client: DynamoDBClient, Key: Item): Promise<Item | undefined> {
  try {
    const input = { TableName: env.identityTable, Key, ConsistentRead: true };
    return (await client.send(new GetItemCommand(input))).Item;
  } catch (thrown) {
    throw translated(thrown);
  }
}

async function add(client: DynamoDBClient, made: NewApiKey, trail: Trail): Promise<"done" | "role_changed"> {
  const { key, secretHash, roles } = made;
  trail.changed(changesBetween({}, recordedKey(key)));
  const { tenantId, keyId } = key;
  const rows = [
    { ...apiKeyKey(tenantId, keyId), ...toItem({ ...key, secretHash }) },
    { ...clientKey(keyId), ...toItem({ tenantId }) },
  ];
  const outcome = await commitGuarded(
    client,
    [
      ...rows.map((Item) => ({
        write: {
          Put: { TableName: env.identityTable, Item, ConditionExpression: "attribute_not_exists(pk)" },
        },
        refusal: "there" as const,
      })),
      ...countHolders({ tenantId, given: roles, taken: [] }),
    ],
    { trail },
  );
  if (outcome !== "there") return outcome;
  // The same id comes of the same request alone, whose answer was lost: nobody has ever had its secret.
  await replaceSecret(client, key, secretHash);
  return "done";
}

async function replaceSecret(client: DynamoDBClient, key: ApiKey, secretHash: string): Promise<void> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: env.identityTable,
        Key: apiKeyKey(key.tenantId, key.keyId),
        UpdateExpression: "SET secretHash = :hash",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: { ":hash": { S: secretHash } },
      }),
    );
  } catch (thrown) {
    throw translated(thrown);
  }
}

function removals({ tenantId, keyId }: ApiKey) {
  return [apiKeyKey(tenantId, keyId), clientKey(keyId)].map((Key) => ({
    Delete: { TableName: env.identityTable, Key, ConditionExpression: "attribute_exists(pk)" },
  }));
}

async function list(client: DynamoDBClient, query: ApiKeyListQuery): Promise<ApiKeyPage> {
  const { tenantId, limit, afterId } = query;
  try {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: env.identityTable,
        KeyConditionExpression: "pk = :tenant AND begins_with(sk, :key)",
        ExpressionAttributeValues: { ":tenant": { S: tenantId }, ":key": { S: "key#" } },
        ConsistentRead: true,
        ScanIndexForward: false,
        // One more than asked for tells whether there is a next page.
        Limit: limit + 1,
        ...(afterId === undefined ? {} : { ExclusiveStartKey: apiKeyKey(tenantId, afterId) }),
      }),
    );
    const keys = Items.slice(0, limit).map(apiKeyOf);
    const last = keys.at(-1)?.keyId;
    return { keys, ...(Items.length <= limit || last === undefined ? {} : { nextAfterId: last }) };
  } catch (thrown) {
    throw translated(thrown);
  }
}

async function findForSignIn(client: DynamoDBClient, keyId: string): Promise<KeyAtSignIn | undefined> {
  const found = await getRow(client, clientKey(keyId));
  if (found === undefined) return undefined;
  const tenantId = text(found, "tenantId");
  const { [env.identityTable]: rows = [] } = await readRows(client, {
    [env.identityTable]: [apiKeyKey(tenantId, keyId), tenantKey(tenantId)],
  });
  const tenant = rows.find((row) => row["sk"]?.S === "tenant");
  const key = rows.find((row) => row["sk"]?.S !== "tenant");
  if (tenant === undefined || key === undefined) return undefined;
  return { key: apiKeyOf(key), secretHash: text(key, "secretHash"), tenant: tenantOf(tenant) };
}

async function markUsed(client: DynamoDBClient, { tenantId, keyId }: ApiKey, atMs: number): Promise<void> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: env.identityTable,
        Key: apiKeyKey(tenantId, keyId),
        UpdateExpression: "SET lastUsedAtMs = :at",
        ConditionExpression:
          "attribute_exists(pk) AND (attribute_not_exists(lastUsedAtMs) OR lastUsedAtMs < :at)",
        ExpressionAttributeValues: { ":at": toAttribute(atMs) },
      }),
    );
  } catch (thrown) {
    // A later use is noted already, or the key is gone.
    if (!(thrown instanceof ConditionalCheckFailedException)) throw translated(thrown);
  }
}
