import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { RecordsById } from "../activity/journal.ts";
import { activityKey, activityRecord } from "./activity-item.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";

/** A batch reads 100 rows at most. */
const BATCH_MAX = 100;

/** Reads records of the log by their ids, consistently. */
export function recordsById(client: DynamoDBClient = dynamoClient()): RecordsById {
  return {
    getMany: async (tenantId, ids) => {
      const keys = [...new Set(ids)].map((id) => activityKey(tenantId, id));
      const batches = Array.from({ length: Math.ceil(keys.length / BATCH_MAX) }, (_, index) =>
        keys.slice(index * BATCH_MAX, (index + 1) * BATCH_MAX),
      );
      const read = await Promise.all(
        batches.map((batch) => readRows(client, { [env.activityTable]: batch })),
      );
      return read.flatMap((rows) => rows[env.activityTable] ?? []).map(activityRecord);
    },
  };
}
