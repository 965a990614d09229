import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { assertNever } from "../errors.ts";
import type { Login } from "../identity/account-store.ts";
import { WRONG_CODES_MAX } from "../session/login-challenge.ts";
import type { AttemptsProof, Proof, ProofRefusal } from "../session/session-store.ts";
import { env } from "./env.ts";
import { factorKey, recoveryKey, verifyWrites } from "./factor-writes.ts";
import type { GuardedWrite } from "./guarded-write.ts";
import { type Item, toAttribute, toItem } from "./item.ts";
import {
  attemptsKey,
  challengeKey,
  codeNames,
  codesKey,
  failureName,
  passkeyChallengeKey,
} from "./sign-in-item.ts";
import { acceptInvitation } from "./user-writes.ts";
import { ciTokenKey } from "./workflow-run-item.ts";

/** The writes that use proofs up, each refused when somebody has used it before. */
export function consumeProofs(owner: Login, proofs: readonly Proof[]): readonly GuardedWrite<ProofRefusal>[] {
  return proofs.flatMap((proof) =>
    writesOf(owner, proof).map((write) => ({
      write,
      refusal: proof.kind === "attempts" ? ("attempts_failed" as const) : ("proof_used" as const),
    })),
  );
}

function writesOf(owner: Login, proof: Proof): readonly TransactWriteItem[] {
  switch (proof.kind) {
    case "attempts":
      return [settleAttempts(attemptsKey(owner), proof)];
    case "challenge":
      return [useChallenge(challengeKey(owner, proof.challengeId))];
    case "totp":
      return [moveStep(factorKey(owner, proof.factorId), proof.step)];
    case "recovery":
      return [useRecoveryCode(recoveryKey(owner), proof.index)];
    case "sms":
      return [useSentCode(codesKey(owner), proof)];
    case "passkey":
      return [moveSignCount(factorKey(owner, proof.factorId), proof.signCount)];
    case "passkey_challenge":
      return [markAnswered(passkeyChallengeKey(proof.challenge), proof.expiresAtMs)];
    case "enrolment":
      return verifyWrites(proof.verified);
    case "invitation":
      return acceptInvitation(proof.accepted);
    case "ci_token":
      return [markAnswered(ciTokenKey(owner.tenantId, proof.tokenKey), proof.expiresAtMs)];
    default:
      return assertNever(proof);
  }
}

/** Holds the success to the failures that were known of; with some to forget it is a write, else a check alone. */
function settleAttempts(Key: Item, { mostFailures, settled }: AttemptsProof): TransactWriteItem {
  const guard = {
    TableName: env.sessionsTable,
    Key,
    ConditionExpression: "attribute_not_exists(#total) OR #total <= :most",
    ExpressionAttributeValues: { ":most": toAttribute(mostFailures) },
  };
  if (settled.length === 0) {
    return { ConditionCheck: { ...guard, ExpressionAttributeNames: { "#total": "total" } } };
  }
  const names = settled.map((id, index) => [`#settled${index}`, failureName(id)] as const);
  return {
    Update: {
      ...guard,
      UpdateExpression: `REMOVE ${names.map(([name]) => name).join(", ")}`,
      ExpressionAttributeNames: { "#total": "total", ...Object.fromEntries(names) },
    },
  };
}

function useChallenge(Key: Item): TransactWriteItem {
  return {
    Delete: {
      TableName: env.sessionsTable,
      Key,
      ConditionExpression: "attribute_exists(pk) AND wrongCodes < :max",
      ExpressionAttributeValues: { ":max": toAttribute(WRONG_CODES_MAX) },
    },
  };
}

function moveStep(Key: Item, step: number): TransactWriteItem {
  return {
    Update: {
      TableName: env.identityTable,
      Key,
      UpdateExpression: "SET lastStep = :step",
      ConditionExpression: "attribute_exists(pk) AND (attribute_not_exists(lastStep) OR lastStep < :step)",
      ExpressionAttributeValues: { ":step": toAttribute(step) },
    },
  };
}

function useRecoveryCode(Key: Item, index: number): TransactWriteItem {
  return {
    Update: {
      TableName: env.identityTable,
      Key,
      UpdateExpression: "REMOVE #code",
      ConditionExpression: "attribute_exists(#code)",
      ExpressionAttributeNames: { "#code": `code${index}` },
    },
  };
}

function useSentCode(Key: Item, { factorId, pending }: Extract<Proof, { kind: "sms" }>): TransactWriteItem {
  return {
    Update: {
      TableName: env.sessionsTable,
      Key,
      UpdateExpression: "REMOVE #pending",
      ConditionExpression: "#pending = :pending",
      ExpressionAttributeNames: { "#pending": codeNames(factorId).pending },
      ExpressionAttributeValues: toItem({ ":pending": pending }),
    },
  };
}

function moveSignCount(Key: Item, signCount: number): TransactWriteItem {
  return {
    Update: {
      TableName: env.identityTable,
      Key,
      UpdateExpression: "SET signCount = :count",
      // Authenticators that do not count say 0 for ever (WebAuthn Level 2 section 6.1.1).
      ConditionExpression:
        "attribute_exists(pk) AND (signCount < :count OR (signCount = :count AND :count = :zero))",
      ExpressionAttributeValues: { ":count": toAttribute(signCount), ":zero": { N: "0" } },
    },
  };
}

/** Kept for as long as what it is of would be taken. */
function markAnswered(Key: Item, expiresAtMs: number): TransactWriteItem {
  return {
    Put: {
      TableName: env.sessionsTable,
      Item: { ...Key, ...toItem({ ttl: Math.ceil(expiresAtMs / 1000) }) },
      ConditionExpression: "attribute_not_exists(pk)",
    },
  };
}
