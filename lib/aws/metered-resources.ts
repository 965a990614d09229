import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { ResourceStore } from "../resource/resource-store.ts";
import type { MeteredResource } from "../usage/check-event.ts";
import type { MeteredResources } from "../usage/record-usage.ts";
import { attachmentOf, attachmentPartition } from "./attachment-item.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";

/** The resources that a tenant has, and those that only attachments know, because they are kept elsewhere. */
export function meteredResources(
  resources: Pick<ResourceStore, "getMany">,
  client: DynamoDBClient = dynamoClient(),
): MeteredResources {
  return {
    find: async (tenantId, resourceIds) => {
      const own = await resources.getMany(tenantId, resourceIds);
      const found = new Map<string, MeteredResource>(
        own.map(({ resourceId, state, updatedAtMs }) => [
          resourceId,
          state === "deleted" ? { deletedAtMs: updatedAtMs } : {},
        ]),
      );
      const others = resourceIds.filter((resourceId) => !found.has(resourceId));
      await Promise.all(
        others.map(async (resourceId) => {
          const firstAttached = await readFirstAttached(client, tenantId, resourceId);
          if (firstAttached !== undefined) found.set(resourceId, { firstAttached });
        }),
      );
      return found;
    },
  };
}

async function readFirstAttached(
  client: DynamoDBClient,
  tenantId: string,
  resourceId: string,
): Promise<MeteredResource["firstAttached"]> {
  try {
    const { Items: [first] = [] } = await client.send(
      new QueryCommand({
        TableName: env.sessionsTable,
        KeyConditionExpression: "pk = :resource",
        ExpressionAttributeValues: { ":resource": { S: attachmentPartition(tenantId, resourceId) } },
        ConsistentRead: true,
        Limit: 1,
      }),
    );
    if (first === undefined) return undefined;
    const { fromAtMs, sessionId } = attachmentOf(first);
    return { atMs: fromAtMs, sessionId };
  } catch (thrown) {
    throw translated(thrown);
  }
}
