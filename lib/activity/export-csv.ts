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

/** The first line of a CSV export (RFC 4180), with its line end. */
export function csvHeader(): string {
  return line(Object.keys(COLUMNS));
}

/** A record as one line of CSV, in the order of `csvHeader`; `changes` and `attributes` are JSON. */
export function csvLine(record: ActivityRecord): string {
  return line(Object.values(COLUMNS).map((read) => cell(read(record))));
}

function line(cells: readonly string[]): string {
  return `${cells.join(",")}\r\n`;
}

/**
 * Characters with which a spreadsheet takes a text for a formula (OWASP, "CSV Injection"), and their
 * full-width forms.
 */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const isFormula = FORMULA_START.test(text);
  const safe = isFormula ? `'${text}` : text;
  return isFormula || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
