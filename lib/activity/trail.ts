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
  by(who: { tenantId: string; actor: Actor; sessionId?: string; retentionDays: number }): void;
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
  /** Adds what the authenticated caller's session says of every record. */
  workflow(run: { provider: string; runId: string; ref?: string }): void;
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
  let who: Parameters<Trail["by"]>[0] | undefined;
  let resource: ResourceRef | undefined;
  let action = start.action;
  let workflow: ActivityRecord["workflow"];
  let attributes: Record<string, unknown> | undefined;
  let changes: readonly Change[] = [];
  const id = deps.newId("act", start.startedAtMs);
  let written = false;

  const build = (outcome: Outcome, errorCode?: ErrorCode): ActivityRecord => {
    if (who === undefined) throw new Error(`The trail of ${action} does not know its tenant yet.`);
    return {
      id,
      tenantId: who.tenantId,
      timeMs: start.startedAtMs,
      receivedAtMs: start.startedAtMs,
      ...(who.sessionId === undefined ? {} : { sessionId: who.sessionId }),
      actor: who.actor,
      action,
      ...(resource === undefined ? {} : { resource }),
      outcome,
      ...(errorCode === undefined ? {} : { errorCode }),
      durationMs: Math.max(0, deps.now() - start.startedAtMs),
      ip: start.ip,
      userAgent: start.userAgent,
      requestId: start.requestId,
      ...(start.taskId === undefined ? {} : { taskId: start.taskId }),
      ...(start.traceparent === undefined ? {} : { traceparent: start.traceparent }),
      ...(workflow === undefined ? {} : { workflow }),
      ...(changes.length === 0 || outcome !== "success" ? {} : { changes: [...changes] }),
      source: start.source,
      ...(attributes === undefined ? {} : { attributes }),
    };
  };

  return {
    about: (value) => {
      resource = value;
    },
    action: (name) => {
      action = name;
    },
    by: (value) => {
      who = value;
    },
    changed: (more) => {
      changes = more;
    },
    note: (more) => {
      attributes = { ...attributes, ...more };
    },
    workflow: (run) => {
      workflow = run;
    },
    record: () => build("success"),
    also: (entry) => alsoRecord(deps, build("success"), entry),
    retentionDays: () => who?.retentionDays ?? 0,
    committed: () => {
      written = true;
    },
    pending: (outcome, errorCode) => (written || who === undefined ? undefined : build(outcome, errorCode)),
  };
}

function alsoRecord(deps: TrailDeps, own: ActivityRecord, entry: AlsoEntry): ActivityRecord {
  const { changes: _changes, attributes: _attributes, resource: _resource, ...shared } = own;
  const timeMs = entry.timeMs ?? own.timeMs;
  return { ...shared, ...entry, id: deps.newId("act", timeMs), timeMs };
}
