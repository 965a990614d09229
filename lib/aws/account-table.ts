import { type DynamoDBClient, GetItemCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import type { AccountStore, Login, NewAccount } from "../identity/account-store.ts";
import type { Tenant } from "../identity/tenant.ts";
import { recordedUser } from "../identity/user.ts";
import { factorItem } from "./account-item.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded, type GuardedWrite } from "./guarded-write.ts";
import { tenantItem, userItem } from "./identity-item.ts";
import { type Item, text, toItem } from "./item.ts";
import { registryItem } from "./tenant-table.ts";
import { claimEmail, emailKey, invite, userGuards } from "./user-writes.ts";

/** People and tenants in the identity table. */
export function accountTable(client: DynamoDBClient = dynamoClient()): AccountStore {
  return {
    findLogin: (email) => findLogin(client, email),
    addUser: async (account, trail) => {
      trail?.changed(changesBetween({}, recordedUser(account.user)));
      return addedOr(await commitGuarded(client, accountWrites(account), { trail }));
    },
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
