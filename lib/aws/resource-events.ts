import type { DynamoDBRecord } from "aws-lambda";

/** A change of the sessions table that resources have to do with. */
export type ResourceEvent =
  /** A resource waits for its provider to be asked. */
  | { readonly is: "begun"; readonly tenantId: string; readonly resourceId: string }
  /** A session is over, whatever ended it. */
  | { readonly is: "session_ended"; readonly tenantId: string; readonly sessionId: string };

/** Reads a record of the sessions table's stream; `undefined` for what is about something else. */
export function resourceEvent({ dynamodb }: DynamoDBRecord): ResourceEvent | undefined {
  const { NewImage: row, OldImage: before } = dynamodb ?? {};
  if (row === undefined) return undefined;
  const partition = row["pk"]?.S ?? "";
  const sort = row["sk"]?.S ?? "";
  if (partition.endsWith("#res") && row["pendingKind"]?.S === "create") {
    return { is: "begun", tenantId: partition.slice(0, -"#res".length), resourceId: sort };
  }
  const isOver = sort === "session" && row["status"]?.S === "ended" && before?.["status"]?.S !== "ended";
  const tenantId = row["tenantId"]?.S;
  const sessionId = row["sessionId"]?.S;
  if (!isOver || tenantId === undefined || sessionId === undefined) return undefined;
  return { is: "session_ended", tenantId, sessionId };
}
