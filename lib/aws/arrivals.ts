import type { DynamoDBRecord } from "aws-lambda";
import type { ActivityRecord } from "../activity/activity.ts";
import type { Arrival } from "../activity/journal.ts";

/** Reads a record of the activity table's stream; `undefined` for what is not a new row of the log. */
export function arrival({ eventName, dynamodb }: DynamoDBRecord): Arrival | undefined {
  const row = dynamodb?.NewImage;
  const json = row?.["record"]?.S;
  if (eventName !== "INSERT" || json === undefined) return undefined;
  // What is in the log was checked before it was written.
  const record = JSON.parse(json) as ActivityRecord;
  return { record, keptUntilMs: Number(row?.["ttl"]?.N ?? 0) * 1000 };
}
