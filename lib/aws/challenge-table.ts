import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CHALLENGE_LIFETIME_MS,
  type ChallengeStore,
  type LoginChallenge,
} from "../session/login-challenge.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { commitGuarded } from "./guarded-write.ts";
import { type Item, number, toItem } from "./item.ts";
import { consumeProofs } from "./proof-writes.ts";
import { challengeKey } from "./sign-in-item.ts";

/** Half-done logins in the sessions table, removed by its TTL when nobody goes on with them. */
export function challengeTable(client: DynamoDBClient = dynamoClient()): ChallengeStore {
  return {
    add: async (challenge, { proofs, trail }) => {
      const Put = { TableName: env.sessionsTable, Item: challengeItem(challenge) };
      const outcome = await commitGuarded(
        client,
        [...consumeProofs(challenge, proofs), { write: { Put }, refusal: "proof_used" }],
        { trail },
      );
      return outcome === "done" ? "added" : outcome;
    },
    countWrong: async ({ challengeId, ...owner }) => {
      try {
        const { Attributes = {} } = await client.send(
          new UpdateItemCommand({
            TableName: env.sessionsTable,
            Key: challengeKey(owner, challengeId),
            UpdateExpression: "ADD wrongCodes :one",
            ConditionExpression: "attribute_exists(pk)",
            ExpressionAttributeValues: { ":one": { N: "1" } },
            ReturnValues: "UPDATED_NEW",
          }),
        );
        return number(Attributes, "wrongCodes");
      } catch (thrown) {
        if (thrown instanceof ConditionalCheckFailedException) return undefined;
        throw translated(thrown);
      }
    },
  };
}

function challengeItem(challenge: LoginChallenge): Item {
  const { wrongCodes, ...rest } = challenge;
  return {
    ...challengeKey(challenge, challenge.challengeId),
    ...toItem({
      wrongCodes,
      challenge: rest,
      ttl: Math.ceil((challenge.createdAtMs + CHALLENGE_LIFETIME_MS) / 1000),
    }),
  };
}
