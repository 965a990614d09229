import { type EpochMs, parseRfc3339, toRfc3339 } from "../time.ts";
import type { EventLogger } from "./event-logger.ts";

/** The right to do the work of one period, until somebody else takes it over. */
export interface Lease {
  readonly schedule: string;
  readonly period: string;
  /** Counts the holders: writes that carry it are refused once a later one holds the lease. */
  readonly fencingToken: number;
}

/** What a run asks of the leases. */
export interface LeaseClaim {
  readonly schedule: string;
  readonly period: string;
  readonly nowMs: EpochMs;
  readonly untilMs: EpochMs;
  /** Takes a period up again that was finished before. */
  readonly again: boolean;
}

/** Keeps at most one run of a schedule's period going, and remembers those that were finished. */
export interface Leases {
  acquire(claim: LeaseClaim): Promise<Lease | "held" | "finished">;
  finish(lease: Lease, nowMs: EpochMs): Promise<void>;
  /** Lets a failed run's period go, so that the next delivery can have it at once. */
  release(lease: Lease): Promise<void>;
}

/** How long a period is. The time that an event was due at falls into one, however late the event comes. */
export type PeriodLength = "minute" | "hour" | "day" | "month";

/** One run: its period such as `2026-11-24T03`, the time it was due at, and the lease that fences its writes. */
export interface ScheduledRun {
  readonly period: string;
  readonly dueAtMs: EpochMs;
  readonly lease: Lease;
}

/** A schedule and its work, which changes nothing when it is done again for the same period. */
export interface Schedule {
  readonly name: string;
  readonly every: PeriodLength;
  readonly run: (run: ScheduledRun) => Promise<void>;
}

/** What a schedule needs. */
export interface ScheduleDeps {
  readonly leases: Leases;
  readonly now: () => EpochMs;
  readonly log: EventLogger;
}

/**
 * What starts a run: EventBridge's scheduled event, or one written by hand. `time` (RFC 3339, default now) says which
 * period is meant, `again: true` does a finished one again.
 */
export interface ScheduleEvent {
  readonly time?: string;
  readonly again?: boolean;
}

/** What became of a run: `done`, or left to the run that has the lease, or that finished before. */
export interface ScheduleAnswer {
  readonly period: string;
  readonly outcome: "done" | "held" | "finished";
}

/** Longer than a function can run (900 s), so that no lease is lost by one that still works. */
const LEASE_MS = 960_000;

const PERIOD_CHARACTERS = { minute: 16, hour: 13, day: 10, month: 7 } as const;

/**
 * Makes the Lambda handler of a schedule. A run takes a lease whose key is its period: the same event delivered twice,
 * or twice at once, does its work once. A failure lets the lease go and is thrown, for Lambda to try again and at last
 * to send to the dead-letter queue.
 */
export function scheduleHandler(
  schedule: Schedule,
  { leases, now, log }: ScheduleDeps,
): (event: ScheduleEvent) => Promise<ScheduleAnswer> {
  return async (event) => {
    const dueAtMs = event.time === undefined ? now() : parseRfc3339(event.time, "/time");
    const period = toRfc3339(dueAtMs).slice(0, PERIOD_CHARACTERS[schedule.every]);
    const nowMs = now();
    const lease = await leases.acquire({
      schedule: schedule.name,
      period,
      nowMs,
      untilMs: nowMs + LEASE_MS,
      again: event.again === true,
    });
    if (typeof lease === "string") {
      log.ran({ schedule: schedule.name, period, outcome: lease });
      return { period, outcome: lease };
    }
    try {
      await schedule.run({ period, dueAtMs, lease });
    } catch (cause) {
      log.failed({ consumer: schedule.name, eventId: period }, cause);
      await leases.release(lease);
      throw cause;
    }
    await leases.finish(lease, now());
    log.ran({ schedule: schedule.name, period, outcome: "done" });
    return { period, outcome: "done" };
  };
}
