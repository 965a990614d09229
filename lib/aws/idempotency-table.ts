import { randomBytes } from "node:crypto";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  type ClaimOutcome,
  IDEMPOTENCY_KEPT_MS,
  IDEMPOTENCY_LEASE_MS,
  type IdempotencyClaim,
  type IdempotencyStore,
  type KeptAnswer,
} from "../idempotency/idempotency.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { type Item, number, optionalText, text, toItem } from "./item.ts";

/** Seals an answer that waits in the table: it may hold a secret that was shown once. */
export interface AnswerSeal {
  seal(text: string, context: string): Promise<string>;
  open(sealed: string, context: string): Promise<string | undefined>;
}

/** Idempotency keys in the sessions table, removed by its TTL after a day. */
export function idempotencyTable(
  seal: AnswerSeal,
  client: DynamoDBClient = dynamoClient(),
): IdempotencyStore {
  return {
    claim: (claim) => claimKey(client, seal, claim),
    complete: async (claim, answer) => {
      const row = toItem({
        ...keyOf(claim),
        ...rowOf(claim),
        state: "answered",
        answer: await seal.seal(JSON.stringify(answer), contextOf(claim)),
      });
      await send(() => client.send(new PutItemCommand({ TableName: env.sessionsTable, Item: row })));
    },
    release: async (claim) => {
      await send(() =>
        client.send(
          new DeleteItemCommand({
            TableName: env.sessionsTable,
            Key: toItem(keyOf(claim)),
            ConditionExpression: "requestId = :mine",
            ExpressionAttributeValues: { ":mine": { S: claim.requestId } },
          }),
        ),
      );
    },
    handOver: async (claim) => {
      await send(() =>
        client.send(
          new UpdateItemCommand({
            TableName: env.sessionsTable,
            Key: toItem(keyOf(claim)),
            UpdateExpression: "SET leaseUntilMs = :now",
            ConditionExpression: "requestId = :mine",
            ExpressionAttributeValues: toItem({ ":now": claim.nowMs, ":mine": claim.requestId }),
          }),
        ),
      );
    },
  };
}

async function claimKey(
  client: DynamoDBClient,
  seal: AnswerSeal,
  claim: IdempotencyClaim,
): Promise<ClaimOutcome> {
  const seed = randomBytes(16).toString("hex");
  const fresh = await put(
    client,
    { ...keyOf(claim), ...rowOf(claim), state: "running", seed, firstAtMs: claim.nowMs },
    {
      condition: "attribute_not_exists(pk) OR expiresAtMs <= :now",
      values: toItem({ ":now": claim.nowMs }),
    },
  );
  if (fresh === "ours") return { is: "ours", seed, firstAtMs: claim.nowMs };
  if (text(fresh, "fingerprint") !== claim.fingerprint) return { is: "mismatch" };
  const answer = optionalText(fresh, "answer");
  if (answer !== undefined) return answered(await seal.open(answer, contextOf(claim)));
  if (number(fresh, "leaseUntilMs") > claim.nowMs) return { is: "running" };
  return await takeOver(client, claim, fresh);
}

/** The run before this one never came back: its seed makes this one's ids the same. */
async function takeOver(
  client: DynamoDBClient,
  claim: IdempotencyClaim,
  before: Item,
): Promise<ClaimOutcome> {
  const seed = text(before, "seed");
  const firstAtMs = number(before, "firstAtMs");
  const taken = await put(
    client,
    { ...keyOf(claim), ...rowOf(claim), state: "running", seed, firstAtMs },
    {
      condition: "requestId = :before AND attribute_not_exists(answer)",
      values: toItem({ ":before": text(before, "requestId") }),
    },
  );
  return taken === "ours" ? { is: "ours", seed, firstAtMs } : { is: "running" };
}

function answered(json: string | undefined): ClaimOutcome {
  if (json === undefined) throw new Error("A kept answer cannot be opened.");
  return { is: "answered", answer: JSON.parse(json) as KeptAnswer };
}

function keyOf(claim: IdempotencyClaim) {
  return { pk: `${claim.tenantId}#${claim.userId}#idempotency`, sk: claim.key };
}

function rowOf(claim: IdempotencyClaim) {
  const expiresAtMs = claim.nowMs + IDEMPOTENCY_KEPT_MS;
  return {
    fingerprint: claim.fingerprint,
    requestId: claim.requestId,
    leaseUntilMs: claim.nowMs + IDEMPOTENCY_LEASE_MS,
    expiresAtMs,
    ttl: Math.ceil(expiresAtMs / 1000),
  };
}

function contextOf(claim: IdempotencyClaim): string {
  return `${claim.tenantId}#${claim.userId}#${claim.key}`;
}

/** Puts a row; answers with the one that stands in the way where the condition does not hold. */
async function put(
  client: DynamoDBClient,
  row: Readonly<Record<string, unknown>> & { readonly requestId: string },
  guard: { readonly condition: string; readonly values: Item },
): Promise<"ours" | Item> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: env.sessionsTable,
        Item: toItem(row),
        ConditionExpression: guard.condition,
        ExpressionAttributeValues: guard.values,
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return "ours";
  } catch (thrown) {
    if (!(thrown instanceof ConditionalCheckFailedException) || thrown.Item === undefined) {
      throw translated(thrown);
    }
    // A write whose answer was lost is repeated by the SDK, and finds itself in its way.
    return text(thrown.Item, "requestId") === row.requestId ? "ours" : thrown.Item;
  }
}

async function send(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (thrown) {
    if (!(thrown instanceof ConditionalCheckFailedException)) throw translated(thrown);
  }
}
