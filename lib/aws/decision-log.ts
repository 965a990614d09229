import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { ActivityRecord } from "../activity/activity.ts";
import { activityPut } from "./activity-item.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { transact } from "./transact.ts";

/** Puts decisions on record. */
export interface DecisionLog {
  /** Adds at most 100 records of one tenant, all or none. */
  append(records: readonly ActivityRecord[], retentionDays: number): Promise<void>;
}

/** Decisions in the activity table: those of a batch are written together. */
export function decisionLog(client: DynamoDBClient = dynamoClient()): DecisionLog {
  return {
    append: async (records, retentionDays) => {
      if (records.length === 0) return;
      await transact(
        client,
        records.map((record) => ({ Put: activityPut(record, retentionDays) })),
      );
    },
  };
}
