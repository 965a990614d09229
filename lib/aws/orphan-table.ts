import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { OrphanLog } from "../resource/reconcile-resources.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { toItem } from "./item.ts";
import { ConditionRefused, commit } from "./transact.ts";

/** What was found at a provider and is nobody's, each noted once with its record. */
export function orphanTable(client: DynamoDBClient = dynamoClient()): OrphanLog {
  return {
    note: async (tenantId, orphan, trail) => {
      const put = {
        TableName: env.sessionsTable,
        Item: toItem({ pk: `${tenantId}#orphans`, sk: orphan.providerId, resourceId: orphan.resourceId }),
        ConditionExpression: "attribute_not_exists(pk)",
      };
      try {
        await commit(client, { writes: [{ Put: put }], trail });
      } catch (thrown) {
        if (!(thrown instanceof ConditionRefused)) throw thrown;
      }
    },
  };
}
