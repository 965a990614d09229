import { createHash } from "node:crypto";
import type { DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { ActivityRecord } from "../activity/activity.ts";
import type { ActivityIntake } from "../activity/ingest-activity.ts";
import { activityPut, activityTtl } from "./activity-item.ts";
import { forEachAtOnce } from "./at-once.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { toItem } from "./item.ts";
import { ConditionRefused, transact } from "./transact.ts";

/** A record and its claim are two of the 100 rows that a transaction can take; half as many are through sooner. */
const RECORDS_A_TRANSACTION = 25;
const AT_ONCE = 4;

/**
 * Takes records in, each with the claim of its origin. The claim is a row of its own in the sessions table: the record's
 * own key begins with its time, and the same origin could come again with another one.
 */
export function activityIntake(client: DynamoDBClient = dynamoClient()): ActivityIntake {
  return {
    add: async (records, retentionDays) => {
      const batches = Array.from({ length: Math.ceil(records.length / RECORDS_A_TRANSACTION) }, (_, index) =>
        records.slice(index * RECORDS_A_TRANSACTION, (index + 1) * RECORDS_A_TRANSACTION),
      );
      const duplicates = await forEachAtOnce(batches, AT_ONCE, (batch) =>
        addBatch(client, batch, retentionDays),
      );
      return new Set(duplicates.flat().map(({ id }) => id));
    },
  };
}

/** Adds what was not there and answers with the rest: what is refused is left out, and the others are tried again. */
async function addBatch(
  client: DynamoDBClient,
  batch: readonly ActivityRecord[],
  retentionDays: number,
): Promise<readonly ActivityRecord[]> {
  const duplicates: ActivityRecord[] = [];
  let open = batch;
  while (open.length > 0) {
    try {
      await transact(
        client,
        open.flatMap((record) => writesOf(record, retentionDays)),
      );
      return duplicates;
    } catch (thrown) {
      if (!(thrown instanceof ConditionRefused)) throw thrown;
      const places = new Set([...thrown.refused.keys()].map((write) => Math.floor(write / 2)));
      duplicates.push(...open.filter((_, place) => places.has(place)));
      open = open.filter((_, place) => !places.has(place));
    }
  }
  return duplicates;
}

function writesOf(record: ActivityRecord, retentionDays: number): readonly TransactWriteItem[] {
  const { tenantId, origin } = record;
  const hash = createHash("sha256")
    .update(JSON.stringify([origin?.source, origin?.id]))
    .digest("base64url");
  const claim = {
    pk: `${tenantId}#claim#${hash}`,
    sk: "activity",
    activityId: record.id,
    ttl: activityTtl(record, retentionDays),
  };
  return [
    {
      Put: {
        TableName: env.sessionsTable,
        Item: toItem(claim),
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    { Put: activityPut(record, retentionDays) },
  ];
}
