import type { DynamoDBRecord } from "aws-lambda";
import type { ActivityRecord } from "../activity/activity.ts";
import { activityRecord } from "./activity-item.ts";

/** The record that a change of the activity table added; `undefined` for one that its retention removed. */
export function addedRecord({ eventName, dynamodb }: DynamoDBRecord): ActivityRecord | undefined {
  const document = dynamodb?.NewImage?.["record"]?.S;
  if (eventName !== "INSERT" || document === undefined) return undefined;
  return activityRecord({ record: { S: document } });
}
