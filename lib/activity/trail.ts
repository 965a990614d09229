import type { ErrorCode } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { ActivityRecord, Actor, Change, Outcome, ResourceRef } from "./activity.ts";

/**
 * Follows one request and says what its record will be. A use case adds what it learns and passes the trail to the
 * store that makes the effect; the store writes `record()` in the transaction of the effect and then calls
 * `committed()`. What nobody has written by the end of the request, the endpoint factory writes by itself.
 */
export interface Trail {
  /** Names the thing acted on. */
  about(resource: ResourceRef): void;
  /** Replaces the action's name where only the handler can tell it (`vm:start`, `volume:create`). */
  action(name: string): void;
  /** Names the actor, tenant and session where the request itself began without them (signing in). */
  by(who: TrailOwner): void;
  /** Says what the change was, secrets left out; the last call counts, so that a retried use case may say it again. */
  changed(changes: readonly Change[]): void;
  /** Adds facts of this action. */
  note(attributes: Readonly<Record<string, unknown>>): void;
  /** The record of success as it stands, for the transaction of the effect. */
  record(): ActivityRecord;
  /** A further record of the same request, such as `session:start` beside `auth:login`. */
  also(entry: AlsoEntry): ActivityRecord;
  /** How long records of this tenant are kept, counted from receipt. */
  retentionDays(): number;
  /** Says that the transaction with `record()` went through. */
  committed(): void;
}

/** Whose record it is. */
export interface TrailOwner {
  readonly tenantId: string;
  readonly actor: Actor;
  readonly sessionId?: string;
  readonly retentionDays: number;
  readonly workflow?: ActivityRecord["workflow"] | undefined;
}

/** What differs between a further record and the request's own. */
export interface AlsoEntry {
  readonly action: string;
  readonly sessionId?: string;
  readonly resource?: ResourceRef;
  readonly timeMs?: EpochMs;
  readonly changes?: readonly Change[];
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly actor?: Actor;
  readonly source?: ActivityRecord["source"];
}

/** What is known of a request before it has done anything. */
export interface TrailStart {
  readonly requestId: string;
  readonly action: string;
  readonly startedAtMs: EpochMs;
  readonly ip: string;
  readonly userAgent: string;
  readonly taskId?: string;
  readonly traceparent?: string;
  readonly source: ActivityRecord["source"];
}

/** The factory's own side of a trail: what is left to write at the end of the request. */
export interface RequestTrail extends Trail {
  /** The record still to be written, or `undefined` where it is written or belongs to no tenant. */
  pending(outcome: Outcome, errorCode?: ErrorCode): ActivityRecord | undefined;
}

/** Needs of a trail: the clock, for durations, and ids that sort by the time they are given. */
export interface TrailDeps {
  readonly now: () => EpochMs;
  readonly newId: (prefix: "act", atMs: EpochMs) => string;
}

/** Begins the trail of one request, or of one event handled by the system itself. */
export function startTrail(deps: TrailDeps, start: TrailStart): RequestTrail {
  const id = deps.newId("act", start.startedAtMs);
  const known: Known = { action: start.action, changes: [] };
  let written = false;
  const build = (outcome: Outcome, errorCode?: ErrorCode): ActivityRecord =>
    recordOf(
      { id, start, known, durationMs: Math.max(0, deps.now() - start.startedAtMs) },
      outcome,
      errorCode,
    );
  return {
    about: (resource) => {
      known.resource = resource;
    },
    action: (name) => {
      known.action = name;
    },
    by: (who) => {
      known.who = who;
    },
    changed: (changes) => {
      known.changes = changes;
    },
    note: (attributes) => {
      known.attributes = { ...known.attributes, ...attributes };
    },
    record: () => build("success"),
    also: (entry) => alsoRecord(deps, build("success"), entry),
    retentionDays: () => known.who?.retentionDays ?? 0,
    committed: () => {
      written = true;
    },
    pending: (outcome, errorCode) =>
      written || known.who === undefined ? undefined : build(outcome, errorCode),
  };
}

interface Known {
  action: string;
  changes: readonly Change[];
  who?: TrailOwner;
  resource?: ResourceRef;
  attributes?: Readonly<Record<string, unknown>>;
}

/** A request, and how far it has got. */
interface Traced {
  readonly id: string;
  readonly start: TrailStart;
  readonly known: Known;
  readonly durationMs: number;
}

/** Every request makes one: members that there may not be are put in one by one. */
function recordOf(
  { id, start, known, durationMs }: Traced,
  outcome: Outcome,
  errorCode: ErrorCode | undefined,
): ActivityRecord {
  const { who, action, resource, changes, attributes } = known;
  if (who === undefined) throw new Error(`The trail of ${action} does not know its tenant yet.`);
  const { startedAtMs, ip, userAgent, requestId, source, taskId, traceparent } = start;
  const record: Writable<ActivityRecord> = {
    id,
    tenantId: who.tenantId,
    actor: who.actor,
    action,
    outcome,
    timeMs: startedAtMs,
    receivedAtMs: startedAtMs,
    durationMs,
    ip,
    userAgent,
    requestId,
    source,
  };
  if (who.sessionId !== undefined) record.sessionId = who.sessionId;
  if (who.workflow !== undefined) record.workflow = who.workflow;
  if (resource !== undefined) record.resource = resource;
  if (errorCode !== undefined) record.errorCode = errorCode;
  // What was to be changed is said of a success alone: after a refusal nothing has.
  if (changes.length > 0 && outcome === "success") record.changes = changes;
  if (attributes !== undefined) record.attributes = attributes;
  if (taskId !== undefined) record.taskId = taskId;
  if (traceparent !== undefined) record.traceparent = traceparent;
  return record;
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

function alsoRecord(deps: TrailDeps, own: ActivityRecord, entry: AlsoEntry): ActivityRecord {
  const { changes: _changes, attributes: _attributes, resource: _resource, ...shared } = own;
  const timeMs = entry.timeMs ?? own.timeMs;
  return { ...shared, ...entry, id: deps.newId("act", timeMs), timeMs };
}
