import { type DynamoDBClient, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { changesBetween } from "../activity/changes.ts";
import { recordedUser, type User } from "../identity/user.ts";
import type { UserChange, UserListQuery, UserPage, UserStore } from "../identity/user-store.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded, type GuardedWrite } from "./guarded-write.ts";
import { userKey, userOf } from "./identity-item.ts";
import { type Item, toAttribute } from "./item.ts";
import { claimEmail, invite, releaseEmail, rewriteUser, userGuards } from "./user-writes.ts";

/** The users in the identity table. */
export function userTable(client: DynamoDBClient = dynamoClient()): UserStore {
  return {
    get: async (tenantId, userId) => {
      try {
        const { Item } = await client.send(
          new GetItemCommand({
            TableName: env.identityTable,
            Key: userKey(tenantId, userId),
            ConsistentRead: true,
          }),
        );
        return Item === undefined ? undefined : userOf(Item);
      } catch (thrown) {
        throw translated(thrown);
      }
    },
    list: (query) => listUsers(client, query),
    change: async (change, trail) => {
      trail.changed(changesBetween(recordedUser(change.before), recordedUser(change.after)));
      return await commitGuarded(client, changeWrites(change), { trail });
    },
    remove: async (user, trail) => {
      const secrets = await secretKeys(client, user);
      return await commitGuarded(client, removalWrites(user, secrets), { trail });
    },
  };
}

async function listUsers(client: DynamoDBClient, query: UserListQuery): Promise<UserPage> {
  const { tenantId, limit, afterId } = query;
  try {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: env.identityTable,
        KeyConditionExpression: "pk = :tenant AND begins_with(sk, :user)",
        ExpressionAttributeValues: { ":tenant": { S: tenantId }, ":user": { S: "user#" } },
        ConsistentRead: true,
        ScanIndexForward: false,
        // One more than asked for tells whether there is a next page.
        Limit: limit + 1,
        ...(afterId === undefined ? {} : { ExclusiveStartKey: userKey(tenantId, afterId) }),
      }),
    );
    const users = Items.slice(0, limit).map(userOf);
    const last = users.at(-1)?.userId;
    return { users, ...(Items.length <= limit || last === undefined ? {} : { nextAfterId: last }) };
  } catch (thrown) {
    throw translated(thrown);
  }
}

function changeWrites(
  change: UserChange,
): readonly GuardedWrite<"moved" | "last_owner" | "role_changed" | "email_taken">[] {
  const { before, after, invitation } = change;
  return [
    { write: rewriteUser(before, after), refusal: "moved" },
    ...(after.email === before.email ? [] : [claimEmail(after), releaseEmail(before)]),
    ...(invitation === undefined ? [] : [{ write: invite(after, invitation), refusal: "moved" } as const]),
    ...userGuards(change),
  ];
}

/** The keys of what a user signs in with: password, factors, recovery codes, invitation. */
async function secretKeys(client: DynamoDBClient, { tenantId, userId }: User): Promise<readonly Item[]> {
  try {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: env.identityTable,
        KeyConditionExpression: "pk = :user",
        ExpressionAttributeValues: { ":user": { S: `${tenantId}#${userId}` } },
        ProjectionExpression: "pk, sk",
        ConsistentRead: true,
      }),
    );
    return Items;
  } catch (thrown) {
    throw translated(thrown);
  }
}

function removalWrites(
  user: User,
  secrets: readonly Item[],
): readonly GuardedWrite<"moved" | "last_owner">[] {
  const row = {
    TableName: env.identityTable,
    Key: userKey(user.tenantId, user.userId),
    ConditionExpression: "version = :before",
    ExpressionAttributeValues: { ":before": toAttribute(user.version) },
  };
  const guards = userGuards({ before: user, customRoles: [] });
  return [
    { write: { Delete: row }, refusal: "moved" },
    releaseEmail(user),
    ...secrets.map(
      (Key) => ({ write: { Delete: { TableName: env.identityTable, Key } }, refusal: "moved" }) as const,
    ),
    ...guards.map(
      ({ write, refusal }) => ({ write, refusal: refusal === "role_changed" ? "moved" : refusal }) as const,
    ),
  ];
}
