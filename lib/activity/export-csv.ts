import { csvLine as writeLine } from "../csv.ts";
import { toRfc3339 } from "../time.ts";
import type { ActivityRecord } from "./activity.ts";

const COLUMNS: Readonly<Record<string, (record: ActivityRecord) => unknown>> = {
  id: ({ id }) => id,
  time: ({ timeMs }) => toRfc3339(timeMs),
  receivedAt: ({ receivedAtMs }) => toRfc3339(receivedAtMs),
  tenantId: ({ tenantId }) => tenantId,
  sessionId: ({ sessionId }) => sessionId,
  actorType: ({ actor }) => actor.type,
  actorId: ({ actor }) => actor.id,
  actorName: ({ actor }) => actor.name,
  onBehalfOf: ({ actor }) => actor.onBehalfOf,
  action: ({ action }) => action,
  resourceType: ({ resource }) => resource?.type,
  resourceId: ({ resource }) => resource?.id,
  outcome: ({ outcome }) => outcome,
  errorCode: ({ errorCode }) => errorCode,
  durationMs: ({ durationMs }) => durationMs,
  ip: ({ ip }) => ip,
  userAgent: ({ userAgent }) => userAgent,
  requestId: ({ requestId }) => requestId,
  taskId: ({ taskId }) => taskId,
  workflowProvider: ({ workflow }) => workflow?.provider,
  workflowRunId: ({ workflow }) => workflow?.runId,
  workflowRef: ({ workflow }) => workflow?.ref,
  traceparent: ({ traceparent }) => traceparent,
  source: ({ source }) => source,
  originSource: ({ origin }) => origin?.source,
  originId: ({ origin }) => origin?.id,
  changes: ({ changes }) => changes,
  attributes: ({ attributes }) => attributes,
};

/** The first line of a CSV export, with its line end. */
export function csvHeader(): string {
  return writeLine(Object.keys(COLUMNS));
}

/** A record as one line of CSV, in the order of `csvHeader`; `changes` and `attributes` are JSON. */
export function csvLine(record: ActivityRecord): string {
  return writeLine(Object.values(COLUMNS).map((read) => cell(read(record))));
}

function cell(value: unknown): string | number | undefined {
  return value === undefined || typeof value === "number" || typeof value === "string"
    ? value
    : JSON.stringify(value);
}
