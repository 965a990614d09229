import type { EpochMs } from "../time.ts";
import { kindOf } from "./gather-events.ts";
import type { MeterDefinitions } from "./meter-catalog.ts";
import type { UsageEvent } from "./usage-event.ts";
import type { KnownSession } from "./usage-source.ts";

/** An event as it came in: its meter, resource and session may be anything. */
export type IncomingEvent = Omit<UsageEvent, "kind" | "tenantId" | "activityId">;

/** Why an event is not taken. */
export type RejectionCode =
  | "request.invalid"
  | "not_found"
  | "usage.conflict"
  | "usage.unknown_meter"
  | "usage.out_of_time"
  | "usage.outside_session";

/** An event that is not taken, and why, in words for its sender. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly message: string;
}

/** A resource that usage may be of. */
export interface MeteredResource {
  /** From here on it uses nothing. */
  readonly deletedAtMs?: EpochMs;
  /** Kept elsewhere, and known here since it was first attached, to an imported session. */
  readonly firstAttached?: { readonly atMs: EpochMs; readonly sessionId: string };
}

/** What events are held to. */
export interface KnownThings {
  readonly definitions: MeterDefinitions;
  readonly resources: ReadonlyMap<string, MeteredResource>;
  readonly sessions: ReadonlyMap<string, KnownSession>;
  readonly nowMs: EpochMs;
}

/** How far ahead of ours the clock of a sender may be (contract section 9). */
const AHEAD_MAX_MS: EpochMs = 5 * 60_000;

/** How old an event may be when it comes (contract section 9). */
const BACK_MAX_MS: EpochMs = 35 * 24 * 3_600_000;

/** Holds an event to what is known: gives its kind, or why it is not taken. */
export function checkEvent(event: IncomingEvent, known: KnownThings): UsageEvent["kind"] | Rejection {
  const definition = known.definitions.get(event.meter);
  if (definition === undefined) {
    return { code: "usage.unknown_meter", message: "There is no such meter." };
  }
  const kind = kindOf(definition.aggregation);
  if (kind === "counter" && event.sessionId === undefined) {
    return { code: "request.invalid", message: "data.sessionId must say which session used the amount." };
  }
  const resource = known.resources.get(event.resourceId);
  const session = event.sessionId === undefined ? undefined : known.sessions.get(event.sessionId);
  if (resource === undefined) return { code: "not_found", message: "There is no such resource." };
  if (event.sessionId !== undefined && session === undefined) {
    return { code: "not_found", message: "There is no such session." };
  }
  const { firstAttached } = resource;
  const holder = firstAttached && known.sessions.get(firstAttached.sessionId);
  return checkTime(event.atMs, { resource, session, holder, nowMs: known.nowMs }) ?? kind;
}

/** What the time of an event is held to. */
interface Times {
  readonly resource: MeteredResource;
  readonly session: KnownSession | undefined;
  /** The session that an imported resource was first attached to. */
  readonly holder: KnownSession | undefined;
  readonly nowMs: EpochMs;
}

function checkTime(atMs: EpochMs, of: Times): Rejection | undefined {
  const { resource, session, nowMs } = of;
  if (atMs > nowMs + AHEAD_MAX_MS) {
    return { code: "usage.out_of_time", message: "The time is more than 5 minutes ahead." };
  }
  if (atMs < earliest(of)) {
    return { code: "usage.out_of_time", message: "The time is too long ago." };
  }
  if (
    session !== undefined &&
    (atMs < session.startedAtMs || atMs >= (session.endedAtMs ?? Number.POSITIVE_INFINITY))
  ) {
    return { code: "usage.outside_session", message: "The session had not begun at that time, or was over." };
  }
  if (resource.deletedAtMs !== undefined && atMs >= resource.deletedAtMs) {
    return { code: "not_found", message: "The resource was deleted before." };
  }
  return undefined;
}

/** A history kept elsewhere is as old as it is: a level may be told from when its session began. */
function earliest({ resource, session, holder, nowMs }: Times): EpochMs {
  const bounds = [nowMs - BACK_MAX_MS];
  if (session?.isImported === true) bounds.push(session.startedAtMs);
  if (session === undefined && resource.firstAttached !== undefined) {
    bounds.push(resource.firstAttached.atMs, holder?.startedAtMs ?? resource.firstAttached.atMs);
  }
  return Math.min(...bounds);
}
