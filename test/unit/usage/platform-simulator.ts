import { ATTO_PER_UNIT } from "../../../lib/decimal.ts";
import type { IncomingEvent } from "../../../lib/usage/check-event.ts";
import type { Attachment } from "../../../lib/usage/usage.ts";
import type { FakeSession } from "../../support/fake-usage.ts";
import { seededRandom } from "../../support/seeded-random.ts";

/** One minute. Everything in a simulated platform happens on full minutes. */
export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** When a simulated platform begins: it goes over a leap day into the next month. */
export const BEGIN = Date.UTC(2028, 1, 27, 23);

/** How much goes on. */
export interface Scale {
  readonly sessions: number;
  readonly resources: number;
  readonly hours: number;
}

/** An event on its way, and when it comes. */
export interface Delivery {
  readonly atMs: number;
  readonly event: IncomingEvent;
}

/** A platform's sessions, who held what, and its events as they come in. */
export interface Platform {
  readonly endMs: number;
  readonly sessions: readonly FakeSession[];
  readonly attachments: readonly Attachment[];
  /** In the order of their coming, the same one again at times. */
  readonly deliveries: readonly Delivery[];
  /** The names of events that are taken back, and when. */
  readonly voids: readonly { readonly atMs: number; readonly id: string }[];
}

/** The source of all simulated events. */
export const SOURCE = "/simulator";

/**
 * Makes a platform of one seed: sessions that overlap on shared resources, gauges and counters that come in time, late
 * (up to 26 hours), again and out of order; ends of sessions that are noticed late; and events that are taken back.
 */
export function simulatePlatform(seed: number, scale: Scale): Platform {
  const random = seededRandom(seed);
  const sessions = Array.from({ length: scale.sessions }, (_, place) => session(random, place, scale.hours));
  const attachments = sessions.flatMap((one) => attachmentsOf(random, one, scale.resources));
  const events = [
    ...sessions.flatMap((one) => countersOf(random, one, scale.resources)),
    ...Array.from({ length: scale.resources }, (_, place) => gaugesOf(random, place, scale.hours)).flat(),
  ].map((event, place) => ({ ...event, id: `e${place}` }));
  const deliveries = events.flatMap((event) => deliveriesOf(random, event)).sort((a, b) => a.atMs - b.atMs);
  const arrivals = new Map(deliveries.toReversed().map(({ atMs, event }) => [event.id, atMs]));
  const voids = [...arrivals]
    .filter(() => random(50) === 0)
    .map(([id, atMs]) => ({ id, atMs: atMs + random(20 * 60) * MINUTE }))
    .sort((a, b) => a.atMs - b.atMs);
  return { endMs: BEGIN + (scale.hours + 30) * HOUR, sessions, attachments, deliveries, voids };
}

type Random = (below: number) => number;

function session(random: Random, place: number, hours: number): FakeSession {
  const startedAtMs = BEGIN + random(hours * 60) * MINUTE;
  const endedAtMs = startedAtMs + (1 + random(5 * 60)) * MINUTE;
  // One in eight turns out, hours later, to have been over for long: its tenant has shortened the timeout.
  const noticedAtMs = random(8) === 0 ? endedAtMs + random(5 * 60) * MINUTE : endedAtMs;
  const id = `s${String(place).padStart(5, "0")}`;
  return { sessionId: id, userId: `u${place % 97}`, startedAtMs, endedAtMs, noticedAtMs, isImported: false };
}

function attachmentsOf(random: Random, session: FakeSession, resources: number): readonly Attachment[] {
  return Array.from({ length: 1 + random(3) }, () => {
    const fromAtMs = session.startedAtMs + random(60) * MINUTE;
    const toAtMs = random(2) === 0 ? null : fromAtMs + random(4 * 60) * MINUTE;
    return { resourceId: `r${random(resources)}`, sessionId: session.sessionId, fromAtMs, toAtMs };
  });
}

function countersOf(random: Random, session: FakeSession, resources: number): readonly IncomingEvent[] {
  const minutes = ((session.endedAtMs ?? session.startedAtMs) - session.startedAtMs) / MINUTE;
  return Array.from({ length: random(6) }, () => ({
    ...{ source: SOURCE, id: "", resourceId: `r${random(resources)}`, sessionId: session.sessionId },
    meter: ["network", "calls", "peak", "visitors"][random(4)] ?? "network",
    atMs: session.startedAtMs + random(minutes) * MINUTE,
    value: (BigInt(random(9)) * ATTO_PER_UNIT) / 3n,
  }));
}

/** Levels that go up and down; one resource in three is let run to the end. */
function gaugesOf(random: Random, place: number, hours: number): readonly IncomingEvent[] {
  const reading = (meter: string, atMs: number, level: number): IncomingEvent => ({
    ...{ source: SOURCE, id: "", resourceId: `r${place}`, meter, atMs },
    value: (BigInt(level) * ATTO_PER_UNIT) / 4n,
  });
  const endMs = BEGIN + hours * HOUR;
  return ["cpu", "storage"].flatMap((meter) => [
    ...Array.from({ length: random(12) }, () =>
      reading(meter, BEGIN + random(hours * 60) * MINUTE, random(9)),
    ),
    ...(random(3) === 0 ? [] : [reading(meter, endMs, 0)]),
  ]);
}

function deliveriesOf(random: Random, event: IncomingEvent): readonly Delivery[] {
  const late = [0, 0, 0, 0, 0, 0, 0, 90, 90, 26 * 60][random(10)] ?? 0;
  const first = { atMs: event.atMs + (1 + random(1 + late)) * MINUTE, event };
  const again = Array.from({ length: random(8) === 0 ? 1 + random(2) : 0 }, () => ({
    atMs: first.atMs + random(10 * 60) * MINUTE,
    event,
  }));
  return [first, ...again];
}
