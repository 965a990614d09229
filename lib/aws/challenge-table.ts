import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { CHALLENGE_LIFETIME_MS } from "../mfa/challenge.ts";
import type { ChallengeStore, LoginChallenge } from "../mfa/challenge-store.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { document, type Item, number, toItem } from "./item.ts";
import { challengeKey } from "./proof-writes.ts";

/** Half-done logins in the sessions table, removed by its TTL when nobody goes on with them. */
export function challengeTable(client: DynamoDBClient = dynamoClient()): ChallengeStore {
  return {
    add: async (challenge) => {
      await guarded(() =>
        client.send(new PutItemCommand({ TableName: env.sessionsTable, Item: challengeItem(challenge) })),
      );
    },
    get: async ({ tenantId, userId, challengeId }) => {
      const { Item } = await guarded(() =>
        client.send(
          new GetItemCommand({
            TableName: env.sessionsTable,
            Key: challengeKey(tenantId, userId, challengeId),
            ConsistentRead: true,
          }),
        ),
      );
      return Item === undefined ? undefined : challengeOf(Item);
    },
    countWrong: async ({ tenantId, userId, challengeId }) => {
      try {
        const { Attributes = {} } = await client.send(
          new UpdateItemCommand({
            TableName: env.sessionsTable,
            Key: challengeKey(tenantId, userId, challengeId),
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
    ...challengeKey(challenge.tenantId, challenge.userId, challenge.challengeId),
    ...toItem({
      wrongCodes,
      challenge: rest,
      ttl: Math.ceil((challenge.createdAtMs + CHALLENGE_LIFETIME_MS) / 1000),
    }),
  };
}

function challengeOf(item: Item): LoginChallenge {
  return { ...document<Omit<LoginChallenge, "wrongCodes">>(item, "challenge"), wrongCodes: number(item, "wrongCodes") };
}

async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw translated(thrown);
  }
}
