import { type DynamoDBClient, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { GuidanceStore } from "../support/guidance.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { guidanceItem, guidanceKey, guidanceOf } from "./support-item.ts";
import { commit } from "./transact.ts";

/** Guidance beside its session, in the sessions table. */
export function guidanceTable(client: DynamoDBClient = dynamoClient()): GuidanceStore {
  return {
    add: async (message, keptUntilMs, trail) => {
      const Item = guidanceItem(message, keptUntilMs);
      await commit(client, { writes: [{ Put: { TableName: env.sessionsTable, Item } }], trail });
    },
    get: async (tenantId, sessionId, messageId) => {
      const Key = guidanceKey({ tenantId, sessionId, messageId });
      try {
        const { Item } = await client.send(
          new GetItemCommand({ TableName: env.sessionsTable, Key, ConsistentRead: true }),
        );
        return Item === undefined ? undefined : guidanceOf(Item);
      } catch (thrown) {
        throw translated(thrown);
      }
    },
    list: async ({ tenantId, sessionId, limit, afterId }) => {
      try {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: env.sessionsTable,
            KeyConditionExpression: "pk = :session AND begins_with(sk, :guidance)",
            ExpressionAttributeValues: {
              ":session": { S: `${tenantId}#${sessionId}` },
              ":guidance": { S: "guidance#" },
            },
            ConsistentRead: true,
            // One more than asked for tells whether there is a next page.
            Limit: limit + 1,
            ...(afterId === undefined
              ? {}
              : { ExclusiveStartKey: guidanceKey({ tenantId, sessionId, messageId: afterId }) }),
          }),
        );
        const messages = Items.slice(0, limit).map(guidanceOf);
        const last = messages.at(-1)?.messageId;
        // DynamoDB ends a page at 1 MB, too.
        const isMore = Items.length > limit || LastEvaluatedKey !== undefined;
        return { messages, ...(isMore && last !== undefined ? { nextAfterId: last } : {}) };
      } catch (thrown) {
        throw translated(thrown);
      }
    },
  };
}
