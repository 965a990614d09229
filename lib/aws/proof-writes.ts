import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { assertNever } from "../errors.ts";
import type { Session } from "../session/session.ts";
import type { Proof } from "../session/session-store.ts";
import { env } from "./env.ts";
import { type Item, toAttribute } from "./item.ts";

/** The key of a sign-in's challenge. */
export function challengeKey(tenantId: string, userId: string, challengeId: string): Item {
  return { pk: { S: `${tenantId}#${userId}` }, sk: { S: `challenge#${challengeId}` } };
}

/** The key of a factor. */
export function factorKey(tenantId: string, userId: string, factorId: string): Item {
  return { pk: { S: `${tenantId}#${userId}` }, sk: { S: `factor#${factorId}` } };
}

/** The key of a user's recovery codes. */
export function recoveryKey(tenantId: string, userId: string): Item {
  return { pk: { S: `${tenantId}#${userId}` }, sk: { S: "recovery" } };
}

/** The key of the one code that was last sent for a factor. */
export function sentCodeKey(tenantId: string, userId: string, factorId: string): Item {
  return { pk: { S: `${tenantId}#${userId}` }, sk: { S: `code#${factorId}` } };
}

/** The write that uses a proof up, refused when somebody has used it before. */
export function consumeProof(owner: Pick<Session, "tenantId" | "userId">, proof: Proof): TransactWriteItem {
  const { tenantId, userId } = owner;
  switch (proof.kind) {
    case "challenge":
      return {
        Delete: {
          TableName: env.sessionsTable,
          Key: challengeKey(tenantId, userId, proof.challengeId),
          ConditionExpression: "attribute_exists(pk)",
        },
      };
    case "totp":
      return {
        Update: {
          TableName: env.identityTable,
          Key: factorKey(tenantId, userId, proof.factorId),
          UpdateExpression: "SET lastStep = :step",
          ConditionExpression:
            "attribute_exists(pk) AND (attribute_not_exists(lastStep) OR lastStep < :step)",
          ExpressionAttributeValues: { ":step": toAttribute(proof.step) },
        },
      };
    case "recovery":
      return {
        Update: {
          TableName: env.identityTable,
          Key: recoveryKey(tenantId, userId),
          UpdateExpression: "REMOVE #code",
          ConditionExpression: "attribute_exists(#code)",
          ExpressionAttributeNames: { "#code": `code${proof.index}` },
        },
      };
    case "sms":
      return {
        Delete: {
          TableName: env.sessionsTable,
          Key: sentCodeKey(tenantId, userId, proof.factorId),
          ConditionExpression: "codeId = :code",
          ExpressionAttributeValues: { ":code": { S: proof.codeId } },
        },
      };
    case "passkey":
      return {
        Update: {
          TableName: env.identityTable,
          Key: factorKey(tenantId, userId, proof.factorId),
          UpdateExpression: "SET signCount = :count",
          // Authenticators that do not count say 0 for ever (WebAuthn Level 2 section 6.1.1).
          ConditionExpression:
            "attribute_exists(pk) AND (signCount < :count OR (signCount = :count AND :count = :zero))",
          ExpressionAttributeValues: { ":count": toAttribute(proof.signCount), ":zero": { N: "0" } },
        },
      };
    default:
      return assertNever(proof);
  }
}
