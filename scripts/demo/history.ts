import { type BroughtRecord, toActivityRecords } from "../../lib/activity/cloudtrail.ts";
import { isObject } from "../../lib/activity/cloudtrail-json.ts";
import { type EpochMs, toRfc3339 } from "../../lib/time.ts";
import { changesIn, type GaugeMeter, type Levels, type ResourceChange } from "./history-changes.ts";

/** A session for `POST /v1/sessions/import` (contract section 9). */
export interface ImportedSession {
  readonly id: string;
  readonly userId: string;
  readonly userName: string;
  readonly startedAt: string;
  readonly endedAt: string;
}

/** Which session held which resource, for `POST /v1/sessions/import`. */
export interface ImportedAttachment {
  readonly resourceId: string;
  readonly sessionId: string;
  readonly from: string;
  readonly to: string | null;
}

/** A reading for `POST /v1/usage`, as a CloudEvent 1.0. */
export interface UsageCloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: `usage.${GaugeMeter}`;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: "application/json";
  readonly data: { readonly value: string; readonly sessionId: string };
}

/** A half hour of somebody else's platform, in the shapes in which it is brought here. */
export interface History {
  readonly sessions: readonly ImportedSession[];
  readonly attachments: readonly ImportedAttachment[];
  /** In batches of at most 100. */
  readonly cloudEvents: readonly (readonly UsageCloudEvent[])[];
}

const IDLE_GAP_MS = 30 * 60_000;
/**
 * CloudTrail counts whole seconds, and a session's end does not belong to it: the last second is still on.
 */
const LAST_SECOND_MS = 1000;
const BATCH_SIZE = 100;

interface OpenSession {
  readonly id: string;
  readonly userId: string;
  readonly userName: string;
  readonly startedAtMs: EpochMs;
  lastAtMs: EpochMs;
}

/**
 * Tells from a CloudTrail file who was on and when, what they started and deleted, and how large it was. A
 * person is on from the first record to the last before a gap of 30 minutes; a role for as long as one
 * session of it is used. AWS's own services are nobody.
 */
export function historyOf(file: unknown): History {
  const sessions: OpenSession[] = [];
  const ledger: Ledger = { levels: new Map(), attachments: [], readings: [] };
  for (const { index, record } of recordsInOrder(file)) {
    if (isOfAws(record)) continue;
    const session = sessionOf(sessions, record);
    for (const change of changesIn(eventAt(file, index)))
      enter(ledger, change, { record, sessionId: session.id });
  }
  return {
    sessions: sessions.map(({ id, userId, userName, startedAtMs, lastAtMs }) => ({
      id,
      userId,
      userName,
      startedAt: toRfc3339(startedAtMs),
      endedAt: toRfc3339(lastAtMs + LAST_SECOND_MS),
    })),
    attachments: ledger.attachments,
    cloudEvents: inBatches(ledger.readings),
  };
}

/** What is known of the resources so far, and what follows from it. */
interface Ledger {
  readonly levels: Map<string, Levels>;
  readonly attachments: ImportedAttachment[];
  readonly readings: UsageCloudEvent[];
}

function enter(
  ledger: Ledger,
  change: ResourceChange,
  by: { readonly record: BroughtRecord; readonly sessionId: string },
): void {
  const { resourceId, kind } = change;
  const known = ledger.levels.get(resourceId) ?? {};
  const full = { ...known, ...change.levels };
  if (kind !== "ends") ledger.levels.set(resourceId, full);
  const at = toRfc3339(by.record.timeMs);
  if (kind === "makes" || kind === "starts") {
    ledger.attachments.push({ resourceId, sessionId: by.sessionId, from: at, to: null });
  }
  if (kind === "ends") {
    for (const [index, attachment] of ledger.attachments.entries()) {
      const isOpen = attachment.resourceId === resourceId && attachment.to === null;
      if (isOpen) ledger.attachments[index] = { ...attachment, to: at };
    }
  }
  for (const meter of ["cpu", "memory", "storage"] as const) {
    const value = levelAfter(kind, meter, full);
    if (value === undefined) continue;
    ledger.readings.push({
      specversion: "1.0",
      id: `${by.record.id}.${resourceId}.${meter}`,
      source: "aws.cloudtrail",
      type: `usage.${meter}`,
      subject: resourceId,
      time: at,
      datacontenttype: "application/json",
      data: { value, sessionId: by.sessionId },
    });
  }
}

/** The level from now on: a stopped machine keeps its storage, a deleted thing keeps nothing. */
function levelAfter(kind: ResourceChange["kind"], meter: GaugeMeter, full: Levels): string | undefined {
  const isOff = kind === "ends" || (kind === "stops" && meter !== "storage");
  return isOff && full[meter] !== undefined ? "0" : full[meter];
}

function recordsInOrder(
  file: unknown,
): readonly { readonly index: number; readonly record: BroughtRecord }[] {
  return toActivityRecords(file).records.toSorted((a, b) => a.record.timeMs - b.record.timeMs);
}

function eventAt(file: unknown, index: number): Readonly<Record<string, unknown>> {
  const events = isObject(file) ? file["Records"] : undefined;
  const event: unknown = Array.isArray(events) ? events[index] : undefined;
  return isObject(event) ? event : {};
}

function isOfAws(record: BroughtRecord): boolean {
  const isPrincipal = record.attributes?.["accessKeyId"] !== undefined || record.actor.type === "user";
  return !isPrincipal || record.actor.id.includes(":assumed-role/AWSServiceRole");
}

function sessionOf(sessions: OpenSession[], record: BroughtRecord): OpenSession {
  const { actor, timeMs } = record;
  const isRole = record.attributes?.["roleSession"] !== undefined;
  const last = sessions.findLast(({ userId }) => userId === actor.id);
  if (last !== undefined && (isRole || timeMs - last.lastAtMs < IDLE_GAP_MS)) {
    last.lastAtMs = timeMs;
    return last;
  }
  const name = isRole ? actor.id.split("/").slice(-2).join(".") : `${actor.name}.${toRfc3339(timeMs)}`;
  const opened = { id: name, userId: actor.id, userName: actor.name, startedAtMs: timeMs, lastAtMs: timeMs };
  sessions.push(opened);
  return opened;
}

function inBatches(readings: readonly UsageCloudEvent[]): readonly (readonly UsageCloudEvent[])[] {
  const batches: UsageCloudEvent[][] = [];
  for (let from = 0; from < readings.length; from += BATCH_SIZE)
    batches.push(readings.slice(from, from + BATCH_SIZE));
  return batches;
}
