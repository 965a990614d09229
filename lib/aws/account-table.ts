import { type DynamoDBClient, GetItemCommand, QueryCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Account, AccountStore, Login, NewAccount } from "../identity/account-store.ts";
import type { Tenant } from "../identity/tenant.ts";
import type { Factor } from "../mfa/factor.ts";
import type { StoredRecoveryCode } from "../mfa/recovery-code.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { tenantItem, tenantKey, tenantOf, userItem, userKey, userOf } from "./identity-item.ts";
import { document, type Item, optionalNumber, optionalText, present, text, toItem } from "./item.ts";
import { commit, ConditionRefused } from "./transact.ts";

/** People and tenants in the identity table. */
export function accountTable(client: DynamoDBClient = dynamoClient()): AccountStore {
  return {
    findLogin: (email) => findLogin(client, email),
    read: (login) => readAccount(client, login),
    addUser: (account, trail) =>
      unlessTaken(() => commit(client, { writes: accountWrites(account), trail })),
    addTenant: (tenant, owner, trail) =>
      unlessTaken(() => commit(client, { writes: [...tenantWrites(tenant), ...accountWrites(owner)], trail })),
  };
}

/** The row that makes an address unique in the whole deployment, and finds its owner at sign-in. */
export function emailKey(email: string): Item {
  return { pk: { S: `email#${email}` }, sk: { S: "login" } };
}

async function findLogin(client: DynamoDBClient, email: string): Promise<Login | undefined> {
  try {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: env.identityTable, Key: emailKey(email), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : { tenantId: text(Item, "tenantId"), userId: text(Item, "userId") };
  } catch (thrown) {
    throw translated(thrown);
  }
}

/** Two reads side by side: the rows that every request reads, and the secrets that only signing in needs. */
async function readAccount(client: DynamoDBClient, { tenantId, userId }: Login): Promise<Account | undefined> {
  const [rows, secrets] = await Promise.all([
    readRows(client, { [env.identityTable]: [userKey(tenantId, userId), tenantKey(tenantId)] }),
    readSecrets(client, tenantId, userId),
  ]);
  const found = rows[env.identityTable] ?? [];
  const tenant = found.find((row) => row["sk"]?.S === "tenant");
  const user = found.find((row) => row["sk"]?.S !== "tenant");
  if (tenant === undefined || user === undefined) return undefined;
  const recovery = secrets.find((row) => text(row, "sk") === "recovery");
  return {
    user: userOf(user),
    tenant: tenantOf(tenant),
    ...present(
      "passwordHash",
      secrets.filter((row) => text(row, "sk") === "password").map((row) => text(row, "hash"))[0],
    ),
    factors: secrets.filter((row) => text(row, "sk").startsWith("factor#")).map(factorOf),
    recoveryCodes: recovery === undefined ? [] : recoveryCodesOf(recovery),
  };
}

async function readSecrets(client: DynamoDBClient, tenantId: string, userId: string): Promise<Item[]> {
  try {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: env.identityTable,
        KeyConditionExpression: "pk = :user",
        ExpressionAttributeValues: { ":user": { S: `${tenantId}#${userId}` } },
        ConsistentRead: true,
      }),
    );
    return Items;
  } catch (thrown) {
    throw translated(thrown);
  }
}

function tenantWrites(tenant: Tenant): TransactWriteItem[] {
  const registered = { pk: "tenants", sk: tenant.tenantId, name: tenant.name };
  return [tenantItem(tenant), toItem(registered)].map((Item) => ({
    Put: { TableName: env.identityTable, Item, ConditionExpression: "attribute_not_exists(pk)" },
  }));
}

function accountWrites({ user, passwordHash, factors = [] }: NewAccount): TransactWriteItem[] {
  const { tenantId, userId, email } = user;
  const own = { pk: `${tenantId}#${userId}` };
  const rows = [
    toItem({ pk: `email#${email}`, sk: "login", tenantId, userId }),
    userItem(user),
    ...(passwordHash === undefined ? [] : [toItem({ ...own, sk: "password", hash: passwordHash })]),
    ...factors.map((factor) => factorItem({ tenantId, userId }, factor)),
  ];
  return rows.map((Item) => ({
    Put: { TableName: env.identityTable, Item, ConditionExpression: "attribute_not_exists(pk)" },
  }));
}

async function unlessTaken(write: () => Promise<void>): Promise<"added" | "email_taken"> {
  try {
    await write();
    return "added";
  } catch (thrown) {
    if (thrown instanceof ConditionRefused) return "email_taken";
    throw thrown;
  }
}

/**
 * A factor as a row. What is written under a condition stands beside the document: the last step of a TOTP and the
 * counter of a passkey.
 */
export function factorItem({ tenantId, userId }: Login, factor: Factor): Item {
  return toItem({
    pk: `${tenantId}#${userId}`,
    sk: `factor#${factor.factorId}`,
    type: factor.type,
    lastStep: factor.type === "totp" ? factor.lastUsedStep : undefined,
    signCount: factor.type === "passkey" ? factor.credential?.signCount : undefined,
    factor,
  });
}

/** Reads a factor's row. */
export function factorOf(item: Item): Factor {
  const factor = document<Factor>(item, "factor");
  const signCount = optionalNumber(item, "signCount");
  switch (factor.type) {
    case "totp":
      return { ...factor, ...present("lastUsedStep", optionalNumber(item, "lastStep")) };
    case "passkey":
      return factor.credential === undefined || signCount === undefined
        ? factor
        : { ...factor, credential: { ...factor.credential, signCount } };
    case "sms":
      return factor;
  }
}

/** Recovery codes stand in attributes of their own: using one removes it, under the condition that it is there. */
function recoveryCodesOf(item: Item): readonly StoredRecoveryCode[] {
  const count = optionalNumber(item, "count") ?? 0;
  return Array.from({ length: count }, (_, index) => {
    const hash = optionalText(item, `code${index}`);
    return hash === undefined ? { hash: "", usedAtMs: 0 } : { hash };
  });
}
