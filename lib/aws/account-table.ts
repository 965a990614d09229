import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import type { Trail } from "../activity/trail.ts";
import type {
  Account,
  AccountStore,
  InvitationAccepted,
  Login,
  NewAccount,
} from "../identity/account-store.ts";
import type { Invitation } from "../identity/invitation.ts";
import type { Tenant } from "../identity/tenant.ts";
import { recordedUser, type User } from "../identity/user.ts";
import type { Factor } from "../mfa/factor.ts";
import type { StoredRecoveryCode } from "../mfa/recovery-code.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded, type GuardedWrite } from "./guarded-write.ts";
import { tenantItem, tenantKey, tenantOf, userItem, userKey, userOf } from "./identity-item.ts";
import { document, type Item, number, optionalNumber, optionalText, present, text, toItem } from "./item.ts";
import { registryItem } from "./tenant-table.ts";
import { claimEmail, emailKey, invitationKey, invite, rewriteUser, userGuards } from "./user-writes.ts";

/** People and tenants in the identity table. */
export function accountTable(client: DynamoDBClient = dynamoClient()): AccountStore {
  return {
    findLogin: (email) => findLogin(client, email),
    read: (login) => readAccount(client, login),
    addUser: async (account, trail) => {
      trail?.changed(changesBetween({}, recordedUser(account.user)));
      return addedOr(await commitGuarded(client, accountWrites(account), { trail }));
    },
    acceptInvitation: (accepted, trail) => acceptInvitation(client, accepted, trail),
    addTenant: async (tenant, owner, trail) => {
      trail?.changed(changesBetween({}, { name: tenant.name, owner: recordedUser(owner.user) }));
      const writes = [...tenantWrites(tenant), ...accountWrites(owner)];
      return (await commitGuarded(client, writes, { trail })) === "done" ? "added" : "email_taken";
    },
  };
}

async function findLogin(client: DynamoDBClient, email: string): Promise<Login | undefined> {
  try {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: env.identityTable, Key: emailKey(email), ConsistentRead: true }),
    );
    return Item === undefined
      ? undefined
      : { tenantId: text(Item, "tenantId"), userId: text(Item, "userId") };
  } catch (thrown) {
    throw translated(thrown);
  }
}

/** Two reads side by side: the rows that every request reads, and the secrets that only signing in needs. */
async function readAccount(
  client: DynamoDBClient,
  { tenantId, userId }: Login,
): Promise<Account | undefined> {
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
    ...present("invitation", secrets.filter((row) => text(row, "sk") === "invitation").map(invitationOf)[0]),
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

type AddRefusal = "email_taken" | "role_changed" | "last_owner";

function tenantWrites(tenant: Tenant): readonly GuardedWrite<AddRefusal>[] {
  return [tenantItem(tenant), registryItem(tenant)].map((Item) => ({
    write: putNew(Item),
    refusal: "email_taken",
  }));
}

function accountWrites(account: NewAccount): readonly GuardedWrite<AddRefusal>[] {
  const { user, passwordHash, factors = [], invitation, customRoles = [] } = account;
  const own = { pk: `${user.tenantId}#${user.userId}` };
  const rows = [
    userItem(user),
    ...(passwordHash === undefined ? [] : [toItem({ ...own, sk: "password", hash: passwordHash })]),
    ...factors.map((factor) => factorItem(user, factor)),
  ];
  return [
    claimEmail(user),
    ...rows.map((Item) => ({ write: putNew(Item), refusal: "email_taken" }) as const),
    ...(invitation === undefined
      ? []
      : [{ write: invite(user, invitation), refusal: "email_taken" } as const]),
    ...userGuards({ after: user, customRoles }),
  ];
}

function putNew(Item: Item): TransactWriteItem {
  return { Put: { TableName: env.identityTable, Item, ConditionExpression: "attribute_not_exists(pk)" } };
}

function addedOr(outcome: "done" | AddRefusal): "added" | "email_taken" | "role_changed" {
  switch (outcome) {
    case "done":
      return "added";
    case "role_changed":
      return outcome;
    default:
      return "email_taken";
  }
}

/** The invitation is used up in the transaction that sets the password: of two calls at once one wins. */
async function acceptInvitation(
  client: DynamoDBClient,
  { user, invitationId, passwordHash, atMs }: InvitationAccepted,
  trail: Trail | undefined,
): Promise<User | undefined> {
  const after: User = { ...user, status: "active", version: user.version + 1, updatedAtMs: atMs };
  const password = toItem({ pk: `${user.tenantId}#${user.userId}`, sk: "password", hash: passwordHash });
  const used = {
    TableName: env.identityTable,
    Key: invitationKey(user),
    ConditionExpression: "invitationId = :id AND expiresAtMs > :now",
    ExpressionAttributeValues: toItem({ ":id": invitationId, ":now": atMs }),
  };
  const outcome = await commitGuarded(
    client,
    [
      { write: { Delete: used }, refusal: "used" },
      { write: rewriteUser(user, after), refusal: "used" },
      { write: { Put: { TableName: env.identityTable, Item: password } }, refusal: "used" },
      ...userGuards({ before: user, after, customRoles: [] }),
    ],
    { trail },
  );
  return outcome === "done" ? after : undefined;
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

function invitationOf(item: Item): Invitation {
  return { invitationId: text(item, "invitationId"), expiresAtMs: number(item, "expiresAtMs") };
}

/** Recovery codes stand in attributes of their own: using one removes it, under the condition that it is there. */
function recoveryCodesOf(item: Item): readonly StoredRecoveryCode[] {
  const count = optionalNumber(item, "count") ?? 0;
  return Array.from({ length: count }, (_, index) => {
    const hash = optionalText(item, `code${index}`);
    return hash === undefined ? { hash: "", usedAtMs: 0 } : { hash };
  });
}
