import type { Atto } from "../decimal.ts";
import type { EpochMs } from "../time.ts";
import { type CounterEvent, type GaugeReading, HOUR_MS } from "./usage.ts";
import type { Recorded } from "./usage-source.ts";

/** The events of one meter of one resource: what is rolled up by itself. */
export interface Series {
  readonly tenantId: string;
  readonly resourceId: string;
  readonly meter: string;
}

/** A gauge reading or a counted amount, whoever sent it. `source` and `id` together count once in a tenant. */
export interface UsageEvent extends Series {
  readonly source: string;
  readonly id: string;
  readonly kind: "gauge" | "counter";
  readonly atMs: EpochMs;
  /** At least 0: the new level of a gauge, the amount of a counter. */
  readonly value: Atto;
  /** Whose amount it is. A gauge belongs to whoever holds its resource. */
  readonly sessionId?: string;
  /** The record of the change or the request that it comes from. */
  readonly activityId?: string;
}

/** An event's name within its tenant. */
export type EventName = Pick<UsageEvent, "source" | "id">;

/** Taken back: who did it through which record, and why. The event stays, and counts for nothing. */
export interface Voiding {
  readonly atMs: EpochMs;
  readonly reason: string;
  readonly activityId: string;
}

/** An event as it is kept. */
export interface StoredEvent extends UsageEvent {
  readonly voided?: Voiding;
  /** When it came in. */
  readonly receivedAtMs?: EpochMs;
}

/** Whether an event counts; at a time in the past, whether it counted then. */
export function isCounted({ voided, receivedAtMs = 0 }: StoredEvent, asOfMs?: EpochMs): boolean {
  if (asOfMs === undefined) return voided === undefined;
  return receivedAtMs <= asOfMs && (voided === undefined || voided.atMs >= asOfMs);
}

/** A text that is the same for the same name, whatever characters it has. */
export function nameOf({ source, id }: EventName): string {
  return JSON.stringify([source, id]);
}

/** A text that is the same for all events of a series. */
export function seriesKey({ resourceId, meter }: Pick<Series, "resourceId" | "meter">): string {
  return JSON.stringify([resourceId, meter]);
}

/** Whether an event that comes again says the same: then it is a repetition, and else a conflict. */
export function isSameContent(a: UsageEvent, b: UsageEvent): boolean {
  return contentOf(a) === contentOf(b);
}

/** The UTC hour that an event is in. */
export function hourOf(atMs: EpochMs): EpochMs {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}

/** A gauge's event as metering takes it. */
export function readingOf(event: UsageEvent): GaugeReading & Recorded {
  const { id, resourceId, meter, atMs, value } = event;
  return { id, resourceId, meter, atMs, level: value, ...recordedOf(event) };
}

/** A counter's event as metering takes it; its id is its whole name, so that two sources do not get in each other's way. */
export function countOf(event: UsageEvent): CounterEvent & Recorded {
  const { resourceId, meter, atMs, value, sessionId = "" } = event;
  return { id: nameOf(event), resourceId, sessionId, meter, atMs, amount: value, ...recordedOf(event) };
}

function contentOf({ kind, resourceId, meter, atMs, value, sessionId }: UsageEvent): string {
  return JSON.stringify([kind, resourceId, meter, atMs, `${value}`, sessionId ?? null]);
}

function recordedOf({ source, id, activityId }: UsageEvent): Recorded {
  return { source, eventId: id, ...(activityId === undefined ? {} : { activityId }) };
}
