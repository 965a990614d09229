import { AppError } from "../errors.ts";
import { type EpochMs, monthOf } from "../time.ts";
import { changedDays } from "./changed-days.ts";
import { gatherEvents } from "./gather-events.ts";
import { meterUsage } from "./meter-usage.ts";
import { isSettling, type OpenSeries, openFrom, SETTLING_MS } from "./open-series.ts";
import { HOUR_MS, type Meters, type SessionSpan } from "./usage.ts";
import { hourOf, type Series } from "./usage-event.ts";
import type { KnownSession, UsageInputs } from "./usage-source.ts";
import {
  type OpenSeriesStore,
  type RollUpStep,
  type RollUpStore,
  STEP_DAYS_MAX,
  type StoredDay,
  type UsageHistory,
} from "./usage-store.ts";

/** What rolling a series up needs. */
export interface RollUpSeriesDeps {
  readonly openSeries: OpenSeriesStore;
  readonly history: UsageHistory;
  readonly rollUps: RollUpStore;
  readonly now: () => EpochMs;
}

/** Attempts against events that come in for the series, and other runs that roll it up, meanwhile. */
const ATTEMPTS = 8;

/**
 * Brings a series' stored hours up to date: computes them again from its events and puts them. One transaction moves
 * rows and series together, and only if the series is as it was read, so that whoever is killed, repeated or
 * overtaken on the way leaves it right.
 * @throws AppError `unavailable` when the series moves all the time
 */
export async function rollUpSeries(
  deps: RollUpSeriesDeps,
  { series, meters }: { readonly series: Series; readonly meters: Meters },
): Promise<void> {
  let refusals = 0;
  while (refusals < ATTEMPTS) {
    const [open] = await deps.openSeries.find([series]);
    const step = open === undefined ? undefined : await nextStep(deps, { open, meters });
    if (step === undefined) return;
    const late = lateMonths(step.days, deps.now());
    // First the note, then the change: a note too many costs a look, a missing one an invoice.
    if (late.length > 0) await deps.rollUps.noteLate(series.tenantId, late);
    if (!(await deps.rollUps.commit(step))) refusals += 1;
  }
  throw new AppError("unavailable", "The series is moving all the time: try again.");
}

/** What is to be written next; `undefined` when there is nothing more to do at this time. */
async function nextStep(
  deps: RollUpSeriesDeps,
  { open, meters }: { readonly open: OpenSeries; readonly meters: Meters },
): Promise<RollUpStep | undefined> {
  const aggregation = meters.get(open.meter);
  if (aggregation === undefined) return undefined;
  const nowMs = deps.now();
  const { tenantId, resourceId, aliveSessionIds } = open;
  const wereAlive = await deps.history.sessions(tenantId, aliveSessionIds);
  const period = { startAtMs: dueFrom(open, wereAlive, nowMs), endAtMs: hourOf(nowMs - SETTLING_MS) };
  if (period.startAtMs >= period.endAtMs) return undefined;
  const stretches = [{ series: open, period }];
  const [gathered] = await gatherEvents(deps.history, { tenantId, meters, stretches, resourceId });
  if (gathered === undefined) throw new Error("A stretch was asked for, and none came.");
  const { inputs } = gathered;
  await keepEnded(deps, { open, wereAlive, inputs });
  const busy = { ...period, endAtMs: busyUntil(inputs) };
  const rows = meterUsage({ ...inputs, period: busy, meters, bucket: "hour" });
  // Whatever is stored is of before the hour that was rolled up to; of a series opened anew it is not known.
  const rolledUpToMs = Math.max(busy.endAtMs, open.rolledUpToMs ?? period.endAtMs);
  const stored = await deps.rollUps.daysOf(open, { ...period, endAtMs: rolledUpToMs });
  const changed = changedDays({ series: open, aggregation, fromMs: period.startAtMs, rows, stored });
  const days = changed.slice(0, STEP_DAYS_MAX);
  const left = changed[STEP_DAYS_MAX];
  const still = {
    dirty: open.dirty.filter((hour) => hour.hourMs >= period.endAtMs || isSettling(hour, nowMs)),
    aliveSessionIds: stillAlive({ open, wereAlive, inputs }),
  };
  if (left !== undefined) {
    const dirty = [...still.dirty, { hourMs: left.dayStartMs, touchedAtMs: 0 }];
    return { open, next: { ...open, ...still, rolledUpToMs, dirty }, days };
  }
  if (isOver(still, inputs)) return { open, next: undefined, days };
  const next = { ...open, ...still, rolledUpToMs: busy.endAtMs };
  return days.length === 0 && isSame(open, next) ? undefined : { open, next, days };
}

/** From where on to roll up: what may still be changing is left for another time. */
function dueFrom(open: OpenSeries, wereAlive: readonly KnownSession[], nowMs: EpochMs): EpochMs {
  const settled = open.dirty.filter((dirty) => !isSettling(dirty, nowMs));
  return openFrom({ ...open, dirty: settled }, byId(wereAlive));
}

/** A series with the sessions that it was known to concern, and those that it turns out to concern. */
interface Concerned {
  readonly open: OpenSeries;
  /** What is known now of those that were alive at the last roll-up. */
  readonly wereAlive: readonly KnownSession[];
  readonly inputs: UsageInputs;
}

/** A session's own row leaves 30 days after its end, and its usage may be asked for years later. */
async function keepEnded(
  { history }: RollUpSeriesDeps,
  { open, wereAlive, inputs: { period, sessions } }: Concerned,
): Promise<void> {
  const ended = byId([
    ...wereAlive.filter(hasEnded),
    ...sessions.filter((session) => hasEnded(session) && session.endedAtMs >= period.startAtMs),
  ]);
  if (ended.size > 0) await history.keepSessions(open.tenantId, [...ended.values()]);
}

/**
 * The sessions whose end is not known yet. One that was alive before counts as it was read then, when it was decided
 * from where on to roll up; one that is not known at all may only be late to show.
 */
function stillAlive({ open, wereAlive, inputs }: Concerned): readonly string[] {
  const { sessions, attachments, counters } = inputs;
  const before = new Set(open.aliveSessionIds);
  const found = [...attachments, ...counters].map(({ sessionId }) => sessionId);
  const lives = byId([...sessions.filter(({ sessionId }) => !before.has(sessionId)), ...wereAlive]);
  const isAlive = (sessionId: string) => !hasEnded(lives.get(sessionId));
  return [...new Set([...before, ...found])].filter(isAlive).sort();
}

/** Whether a session is over at a time that stays. */
function hasEnded(
  session: KnownSession | undefined,
): session is KnownSession & { readonly endedAtMs: EpochMs } {
  return session !== undefined && session.endedAtMs !== null && session.isEndOpen !== true;
}

/**
 * Until when something happens: an event comes, or a session holds the resource. A level that nobody holds any more
 * lasts by itself, for years perhaps, and is not stored hour by hour: whoever reads usage sees it in the last reading.
 */
function busyUntil({ period, sessions, attachments, gauges, counters }: UsageInputs): EpochMs {
  const lives = byId(sessions);
  const held = attachments.map(({ sessionId, toAtMs }) => {
    const life = lives.get(sessionId);
    if (life === undefined) return 0;
    return Math.min(toAtMs ?? Number.POSITIVE_INFINITY, life.endedAtMs ?? Number.POSITIVE_INFINITY);
  });
  const events = [...gauges, ...counters].map(({ atMs }) => atMs + 1);
  const lastMs = [...held, ...events].reduce((last, atMs) => Math.max(last, atMs), period.startAtMs);
  return Math.min(period.endAtMs, Math.ceil(lastMs / HOUR_MS) * HOUR_MS);
}

function isOver(next: Pick<OpenSeries, "dirty" | "aliveSessionIds">, { gauges }: UsageInputs): boolean {
  return next.dirty.length === 0 && next.aliveSessionIds.length === 0 && (gauges.at(-1)?.level ?? 0n) === 0n;
}

function isSame(open: OpenSeries, next: OpenSeries): boolean {
  const stateOf = ({ rolledUpToMs, dirty, aliveSessionIds }: OpenSeries) =>
    JSON.stringify([rolledUpToMs, dirty.map(({ hourMs }) => hourMs).sort(), [...aliveSessionIds].sort()]);
  return stateOf(open) === stateOf(next);
}

function lateMonths(days: readonly StoredDay[], nowMs: EpochMs): readonly string[] {
  const months = new Set(days.map(({ dayStartMs }) => monthOf(dayStartMs)));
  months.delete(monthOf(nowMs));
  return [...months];
}

function byId<Session extends SessionSpan>(sessions: readonly Session[]): ReadonlyMap<string, Session> {
  return new Map(sessions.map((session) => [session.sessionId, session]));
}
