import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Login } from "../identity/account-store.ts";
import type { User } from "../identity/user.ts";
import type { Factor } from "../mfa/factor.ts";
import type { FactorRemoved, FactorVerified } from "../mfa/factor-store.ts";
import { factorItem, recoveryItem } from "./account-item.ts";
import { env } from "./env.ts";
import { userKey } from "./identity-item.ts";
import { type Item, toItem } from "./item.ts";

/** The key of a factor. */
export function factorKey({ tenantId, userId }: Login, factorId: string): Item {
  return { pk: { S: `${tenantId}#${userId}` }, sk: { S: `factor#${factorId}` } };
}

/** The key of a user's recovery codes. */
export function recoveryKey({ tenantId, userId }: Login): Item {
  return { pk: { S: `${tenantId}#${userId}` }, sk: { S: "recovery" } };
}

/** Verifies a factor that nobody has verified before, and keeps the user's row in step. */
export function verifyWrites(verified: FactorVerified): readonly TransactWriteItem[] {
  const { user, factor, recoveryCodes } = verified;
  const TableName = env.identityTable;
  return [
    {
      Put: {
        TableName,
        Item: factorItem(user, factor),
        ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(verifiedAtMs)",
      },
    },
    moveFactorTypes(verified),
    ...(recoveryCodes === undefined ? [] : [{ Put: { TableName, Item: recoveryItem(user, recoveryCodes) } }]),
    ...claimCredential(user, factor),
  ];
}

/** Removes a factor, and with the last verified one the recovery codes. */
export function removeWrites(removed: FactorRemoved): readonly TransactWriteItem[] {
  const { user, factor, factorTypes } = removed;
  const TableName = env.identityTable;
  return [
    {
      Delete: {
        TableName,
        Key: factorKey(user, factor.factorId),
        ConditionExpression: "attribute_exists(pk)",
      },
    },
    ...(factor.verifiedAtMs === undefined ? [] : [moveFactorTypes(removed)]),
    ...(factorTypes.length === 0 ? [{ Delete: { TableName, Key: recoveryKey(user) } }] : []),
    ...releaseCredential(factor),
  ];
}

function moveFactorTypes({ user, factorTypes, atMs }: FactorRemoved | FactorVerified): TransactWriteItem {
  return {
    Update: {
      TableName: env.identityTable,
      Key: userKey(user.tenantId, user.userId),
      UpdateExpression: "SET factorTypes = :types, #version = :after, updatedAtMs = :at",
      ConditionExpression: "#version = :before",
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: toItem({
        ":types": factorTypes,
        ":before": user.version,
        ":after": user.version + 1,
        ":at": atMs,
      }),
    },
  };
}

/** A passkey belongs to one user of the whole deployment (WebAuthn Level 3 section 7.1, step 26). */
function claimCredential({ tenantId, userId }: User, factor: Factor): readonly TransactWriteItem[] {
  const Key = credentialKey(factor);
  if (Key === undefined) return [];
  const Item = { ...Key, ...toItem({ tenantId, userId }) };
  return [{ Put: { TableName: env.identityTable, Item, ConditionExpression: "attribute_not_exists(pk)" } }];
}

function releaseCredential(factor: Factor): readonly TransactWriteItem[] {
  const Key = credentialKey(factor);
  return Key === undefined ? [] : [{ Delete: { TableName: env.identityTable, Key } }];
}

function credentialKey(factor: Factor): Item | undefined {
  if (factor.type !== "passkey" || factor.credential === undefined) return undefined;
  return { pk: { S: `credential#${factor.credential.credentialId}` }, sk: { S: "owner" } };
}
