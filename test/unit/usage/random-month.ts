import { ATTO_PER_UNIT } from "../../../lib/decimal.ts";
import type { MeteringInput } from "../../../lib/usage/meter-usage.ts";
import { fc } from "../../support/fast-check.ts";
import { METERS } from "./builders.ts";

/** Random months are this many milliseconds long, so that an oracle can visit each of them. */
const MONTH_MS = 40;

const HOUR = 3_600_000;

/** Around a period that ends in the middle of an hour's edge, so that hourly buckets are cut too. */
const START = 500_000 * HOUR - MONTH_MS / 2;

const sessionId = fc.constantFrom("s1", "s2", "s3", "s4");
const resourceId = fc.constantFrom("r1", "r2");
const time = fc.integer({ min: START - 10, max: START + MONTH_MS + 10 });
const value = fc.integer({ min: 0, max: 5 }).map((units) => (BigInt(units) * ATTO_PER_UNIT) / 4n);

const session = fc.record({
  sessionId,
  startedAtMs: time,
  lengthMs: fc.option(fc.integer({ min: 0, max: 40 })),
});
const attachment = fc.record({
  resourceId,
  sessionId,
  fromAtMs: time,
  lengthMs: fc.option(fc.integer({ min: 0, max: 40 })),
});
const gauge = fc.record({ resourceId, meter: fc.constantFrom("cpu", "storage"), atMs: time, level: value });
const counter = fc.record({
  resourceId,
  sessionId,
  meter: fc.constantFrom("network", "calls", "peak", "visitors"),
  atMs: time,
  amount: value,
});

/** Small months in which everything overlaps: sessions, attachments, readings at one instant, ends before starts. */
export const randomMonth: fc.Arbitrary<MeteringInput> = fc
  .record({
    sessions: fc.uniqueArray(session, { selector: (one) => one.sessionId, maxLength: 4 }),
    attachments: fc.array(attachment, { maxLength: 8 }),
    gauges: fc.array(gauge, { maxLength: 12 }),
    counters: fc.array(counter, { maxLength: 12 }),
  })
  .map(({ sessions, attachments, gauges, counters }) => ({
    period: { startAtMs: START, endAtMs: START + MONTH_MS },
    meters: METERS,
    bucket: "period" as const,
    sessions: sessions.map(({ lengthMs, ...one }) => ({
      ...one,
      userId: `user-of-${one.sessionId}`,
      endedAtMs: lengthMs === null ? null : one.startedAtMs + lengthMs,
    })),
    attachments: attachments.map(({ lengthMs, ...one }) => ({
      ...one,
      toAtMs: lengthMs === null ? null : one.fromAtMs + lengthMs,
    })),
    gauges: gauges.map((one, place) => ({ ...one, id: `g${place % 5}-${place}` })),
    counters: counters.map((one, place) => ({ ...one, id: `c${place}` })),
  }));
