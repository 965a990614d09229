import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Role } from "../access/statement.ts";
import type { InvitationAccepted } from "../identity/account-store.ts";
import type { Invitation } from "../identity/invitation.ts";
import { isActingOwner, type User } from "../identity/user.ts";
import { env } from "./env.ts";
import type { GuardedWrite } from "./guarded-write.ts";
import { userItem, userKey } from "./identity-item.ts";
import { type Item, toAttribute, toItem } from "./item.ts";
import { countHolders } from "./role-table.ts";

/** The row that makes an address unique in the whole deployment, and finds its owner at sign-in. */
export function emailKey(email: string): Item {
  return { pk: { S: `email#${email}` }, sk: { S: "login" } };
}

/** The key of a user's open invitation. */
function invitationKey({ tenantId, userId }: Pick<User, "tenantId" | "userId">): Item {
  return { pk: { S: `${tenantId}#${userId}` }, sk: { S: "invitation" } };
}

/** Takes an address for a user. */
export function claimEmail({ email, tenantId, userId }: User): GuardedWrite<"email_taken"> {
  const Item = { ...emailKey(email), ...toItem({ tenantId, userId }) };
  return {
    write: {
      Put: { TableName: env.identityTable, Item, ConditionExpression: "attribute_not_exists(pk)" },
    },
    refusal: "email_taken",
  };
}

/** Gives an address back. */
export function releaseEmail({ email, userId }: User): GuardedWrite<"moved"> {
  return {
    write: {
      Delete: {
        TableName: env.identityTable,
        Key: emailKey(email),
        ConditionExpression: "userId = :user",
        ExpressionAttributeValues: { ":user": { S: userId } },
      },
    },
    refusal: "moved",
  };
}

/** Invites a user, in the place of any invitation before. The table's own expiry removes what nobody accepts. */
export function invite(user: Pick<User, "tenantId" | "userId">, invitation: Invitation): TransactWriteItem {
  const { invitationId, expiresAtMs } = invitation;
  const row = toItem({ invitationId, expiresAtMs, ttl: Math.ceil(expiresAtMs / 1000) });
  return { Put: { TableName: env.identityTable, Item: { ...invitationKey(user), ...row } } };
}

/** Uses an invitation up, makes its user active and sets the password: of two calls at once one wins. */
export function acceptInvitation(accepted: InvitationAccepted): readonly TransactWriteItem[] {
  const { user, invitationId, passwordHash, atMs } = accepted;
  const after: User = { ...user, status: "active", version: user.version + 1, updatedAtMs: atMs };
  const password = toItem({ pk: `${user.tenantId}#${user.userId}`, sk: "password", hash: passwordHash });
  const used = {
    TableName: env.identityTable,
    Key: invitationKey(user),
    ConditionExpression: "invitationId = :id AND expiresAtMs > :now",
    ExpressionAttributeValues: toItem({ ":id": invitationId, ":now": atMs }),
  };
  return [
    { Delete: used },
    rewriteUser(user, after),
    { Put: { TableName: env.identityTable, Item: password } },
    ...userGuards({ before: user, after, customRoles: [] }).map(({ write }) => write),
  ];
}

/** What a change may touch; the types of factors are the business of whoever adds or removes one. */
const CHANGED = ["email", "name", "roles", "disabled", "status", "version", "updatedAtMs"];

/** Changes the row of a user that nobody else has changed since `before` was read. */
export function rewriteUser(before: User, after: User): TransactWriteItem {
  const row = userItem(after);
  return {
    Update: {
      TableName: env.identityTable,
      Key: userKey(before.tenantId, before.userId),
      UpdateExpression: `SET ${CHANGED.map((name) => `#${name} = :${name}`).join(", ")}`,
      ConditionExpression: "#version = :before",
      ExpressionAttributeNames: Object.fromEntries(CHANGED.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ":before": toAttribute(before.version),
        ...Object.fromEntries(CHANGED.map((name) => [`:${name}`, row[name] ?? { NULL: true as const }])),
      },
    },
  };
}

/** A user before and after a write; one of them is absent where the user is added or removed. */
export interface UserMove {
  readonly before?: User | undefined;
  readonly after?: User | undefined;
  /** The tenant's own roles among those given anew. */
  readonly customRoles: readonly Role[];
}

/** The counts that a user's write has to keep: who holds which role, and who are the tenant's owners. */
export function userGuards({
  before,
  after,
  customRoles,
}: UserMove): readonly GuardedWrite<"role_changed" | "last_owner">[] {
  const tenantId = (after ?? before)?.tenantId ?? "";
  const had = before?.roles ?? [];
  const has = after?.roles ?? [];
  return [
    ...countHolders({
      tenantId,
      given: customRoles.filter(({ name }) => has.includes(name) && !had.includes(name)),
      taken: had.filter((name) => !has.includes(name)),
    }),
    ...ownerGuard(tenantId, before, after),
  ];
}

/**
 * The tenant's owners are a set in one row, so that of two owners who remove each other at once one is left: nobody is
 * taken out of the set who is the only one in it.
 */
function ownerGuard(
  tenantId: string,
  before: User | undefined,
  after: User | undefined,
): readonly GuardedWrite<"last_owner">[] {
  const wasOwner = before !== undefined && isActingOwner(before);
  const isOwner = after !== undefined && isActingOwner(after);
  const userId = (after ?? before)?.userId ?? "";
  if (wasOwner === isOwner) return [];
  const row = { TableName: env.identityTable, Key: { pk: { S: tenantId }, sk: { S: "owners" } } };
  const me = { ":me": { SS: [userId] } };
  const Update = isOwner
    ? { ...row, UpdateExpression: "ADD owners :me", ExpressionAttributeValues: me }
    : {
        ...row,
        UpdateExpression: "DELETE owners :me",
        ConditionExpression: "size(owners) > :one",
        ExpressionAttributeValues: { ...me, ":one": { N: "1" } },
      };
  return [{ write: { Update }, refusal: "last_owner" }];
}
