import type { DynamoDBRecord, AttributeValue as StreamAttribute } from "aws-lambda";
import type { Session } from "../session/session.ts";
import type { Item } from "./item.ts";
import { sessionOf } from "./session-item.ts";

const TTL_PRINCIPAL = "dynamodb.amazonaws.com";

/**
 * The session of a row that the table's own expiry has removed although nobody had ended it; `undefined` for every
 * other change: challenges, leases and ended sessions leave without a word.
 */
export function removedSession(record: DynamoDBRecord): Session | undefined {
  const row = record.dynamodb?.OldImage;
  if (record.eventName !== "REMOVE" || row === undefined || !isByExpiry(record)) return undefined;
  if (row["sk"]?.S !== "session" || row["status"]?.S !== "active") return undefined;
  return sessionOf(itemOf(row));
}

/** A session that has just ended and that somebody looked at, or that looked at another; `undefined` for every other change. */
export function endedSession({ dynamodb }: DynamoDBRecord): Session | undefined {
  const { NewImage: row, OldImage: before } = dynamodb ?? {};
  if (row?.["sk"]?.S !== "session" || row["status"]?.S !== "ended") return undefined;
  if (before?.["status"]?.S === "ended") return undefined;
  const isOfSupport = row["lookers"]?.S !== undefined || row["support"]?.S !== undefined;
  return isOfSupport ? sessionOf(itemOf(row)) : undefined;
}

/** Lambda writes the principal's members small, the stream's own API large. */
function isByExpiry({ userIdentity }: DynamoDBRecord): boolean {
  const identity: Readonly<Record<string, unknown>> = userIdentity ?? {};
  return (identity["principalId"] ?? identity["PrincipalId"]) === TTL_PRINCIPAL;
}

/** A session's row holds texts and numbers alone, which both notations write alike. */
function itemOf(row: Readonly<Record<string, StreamAttribute>>): Item {
  const item: Item = {};
  for (const [name, { S, N }] of Object.entries(row)) {
    if (S !== undefined) item[name] = { S };
    else if (N !== undefined) item[name] = { N };
  }
  return item;
}
