import type { OpenSeries } from "../../lib/usage/open-series.ts";
import type { Attachment, Period, UsageRow } from "../../lib/usage/usage.ts";
import { isCounted, nameOf, type Series, type StoredEvent, seriesKey } from "../../lib/usage/usage-event.ts";
import type { KnownSession, LateChange, LateChanges } from "../../lib/usage/usage-source.ts";
import type {
  OpenSeriesStore,
  RollUpStore,
  StoredDay,
  UsageEventStore,
  UsageHistory,
} from "../../lib/usage/usage-store.ts";

/** What a fake has beside the ports: what was put into it, and what is in it. */
export interface FakeUsage {
  readonly events: UsageEventStore;
  readonly openSeries: OpenSeriesStore;
  readonly history: UsageHistory;
  readonly rollUps: RollUpStore & LateChanges;
  readonly sessions: Map<string, FakeSession>;
  /** The sessions that are kept for good. */
  readonly kept: Map<string, KnownSession>;
  /** Adds attachments, in the order of attaching. */
  attach(tenantId: string, attachments: readonly Attachment[]): void;
  /** Everything that is rolled up. */
  storedRows(tenantId: string): readonly UsageRow[];
  openCount(): number;
}

/** A session whose end is known from `noticedAtMs` on, which may be later than the end. */
export interface FakeSession extends KnownSession {
  readonly noticedAtMs?: number;
}

/** How a fake behaves. */
export interface FakeUsageOptions {
  readonly now: () => number;
  /** What happens around each call: it may take its time, or throw before or after the call has had its effect. */
  readonly around?: <T>(name: string, call: () => T) => Promise<T>;
  /** How long after it was written the index has an event. */
  readonly indexLagMs?: number;
}

type EventRow = StoredEvent & { readonly addedAtMs: number; readonly requestId: string };

interface Rows {
  readonly events: Map<string, EventRow>;
  /** The keys of the events of each series. */
  readonly index: Map<string, string[]>;
  readonly open: Map<string, OpenSeries>;
  readonly days: Map<string, StoredDay>;
  readonly late: Map<string, LateChange>;
  readonly attachments: Map<string, Attachment[]>;
  readonly sessions: Map<string, FakeSession>;
  readonly kept: Map<string, KnownSession>;
}

/** Usage in memory; held to the same contract as the tables (`test/contract/usage`). Each call is atomic. */
export function fakeUsage(options: FakeUsageOptions): FakeUsage {
  const rows: Rows = {
    events: new Map(),
    index: new Map(),
    open: new Map(),
    days: new Map(),
    late: new Map(),
    attachments: new Map(),
    sessions: new Map(),
    kept: new Map(),
  };
  const around = options.around ?? (async (_name, call) => call());
  return {
    events: fakeEvents(rows, options, around),
    openSeries: fakeOpenSeries(rows, around),
    history: fakeHistory(rows, options, around),
    rollUps: fakeRollUps(rows, around),
    sessions: rows.sessions,
    kept: rows.kept,
    attach: (tenantId, attachments) => {
      for (const [resourceId, those] of Map.groupBy(attachments, (one) => one.resourceId)) {
        const key = `${tenantId} ${resourceId}`;
        rows.attachments.set(key, [...(rows.attachments.get(key) ?? []), ...those]);
      }
    },
    storedRows: (tenantId) =>
      [...rows.days.values()].filter((day) => day.tenantId === tenantId).flatMap((day) => day.rows),
    openCount: () => rows.open.size,
  };
}

type Around = NonNullable<FakeUsageOptions["around"]>;

const keyOf = (series: Series) => `${series.tenantId} ${seriesKey(series)}`;
const overlaps = (period: Period, startAtMs: number, endAtMs: number) =>
  startAtMs < period.endAtMs && endAtMs > period.startAtMs;

function fakeEvents({ events, index }: Rows, { now }: FakeUsageOptions, around: Around): UsageEventStore {
  const key = (tenantId: string, name: { source: string; id: string }) => `${tenantId} ${nameOf(name)}`;
  return {
    add: (event, requestId) =>
      around("add", () => {
        const before = events.get(key(event.tenantId, event));
        if (before !== undefined) {
          return before.requestId === requestId ? { is: "added" } : { is: "there", before };
        }
        events.set(key(event.tenantId, event), { ...event, addedAtMs: now(), requestId });
        index.set(keyOf(event), [...(index.get(keyOf(event)) ?? []), key(event.tenantId, event)]);
        return { is: "added" };
      }),
    find: (tenantId, names) =>
      around("find", () =>
        [...new Set(names.map((name) => key(tenantId, name)))].flatMap((name) => events.get(name) ?? []),
      ),
    markVoid: (those, voided, trail) =>
      around("markVoid", () => {
        for (const event of those) {
          const row = events.get(key(event.tenantId, event));
          if (row !== undefined) events.set(key(event.tenantId, event), { voided, ...row });
        }
        trail.committed();
      }),
  };
}

function fakeOpenSeries({ open }: Rows, around: Around): OpenSeriesStore {
  return {
    touch: async (touches, touchedAtMs) => {
      for (const { hourMs, tenantId, resourceId, meter } of touches) {
        await around("touch", () => {
          const series = { tenantId, resourceId, meter };
          const row = open.get(keyOf(series)) ?? { ...series, dirty: [], aliveSessionIds: [], version: 0 };
          const others = row.dirty.filter((dirty) => dirty.hourMs !== hourMs);
          const dirty = [...others, { hourMs, touchedAtMs }];
          open.set(keyOf(series), { ...row, dirty, version: row.version + 1 });
        });
      }
    },
    find: (series) =>
      around("find", () => [...new Set(series.map(keyOf))].flatMap((key) => open.get(key) ?? [])),
    ofTenant: (tenantId, resourceId) =>
      around("ofTenant", () =>
        [...open.values()].filter(
          (series) =>
            series.tenantId === tenantId && (resourceId === undefined || series.resourceId === resourceId),
        ),
      ),
    all: async function* () {
      yield* await around("all", () => [...open.values()]);
    },
  };
}

function fakeHistory(
  { events, index, attachments, sessions, kept }: Rows,
  { now, indexLagMs = 0 }: FakeUsageOptions,
  around: Around,
): UsageHistory {
  return {
    events: (series, { kind, period, asOfMs }) =>
      around("events", () => {
        const ofSeries = (index.get(keyOf(series)) ?? [])
          .flatMap((key) => events.get(key) ?? [])
          .filter((event) => isCounted({ ...event, receivedAtMs: event.addedAtMs }, asOfMs))
          .filter((event) => event.addedAtMs + indexLagMs <= now())
          .sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
        const lastMs = ofSeries.findLast((event) => event.atMs < period.startAtMs)?.atMs;
        return ofSeries.filter(
          ({ atMs }) =>
            (kind === "gauge" && atMs === lastMs) || (atMs >= period.startAtMs && atMs < period.endAtMs),
        );
      }),
    attachments: (tenantId, period, resourceId) =>
      around("attachments", () =>
        [...attachments]
          .filter(([key]) =>
            resourceId === undefined ? key.startsWith(`${tenantId} `) : key === `${tenantId} ${resourceId}`,
          )
          .flatMap(([, those]) => those)
          .filter((one) => overlaps(period, one.fromAtMs, one.toAtMs ?? Number.POSITIVE_INFINITY))
          .sort((a, b) => a.fromAtMs - b.fromAtMs),
      ),
    sessions: (_tenantId, ids) =>
      around("sessions", () =>
        ids.flatMap((id) => {
          const session = sessions.get(id);
          if (session === undefined) return [];
          const isKnown = (session.noticedAtMs ?? session.endedAtMs ?? 0) <= now();
          return [{ ...session, endedAtMs: isKnown ? session.endedAtMs : null }];
        }),
      ),
    keepSessions: (_tenantId, ended) =>
      around("keepSessions", () => {
        for (const session of ended) kept.set(session.sessionId, session);
      }),
  };
}

function fakeRollUps({ open, days, late }: Rows, around: Around): RollUpStore & LateChanges {
  const dayKey = (day: StoredDay) => `${keyOf(day)} ${day.dayStartMs}`;
  const inPeriod = (period: Period, isWanted: (day: StoredDay) => boolean) =>
    [...days.values()].filter(
      (day) => isWanted(day) && overlaps(period, day.dayStartMs, day.dayStartMs + 86_400_000),
    );
  let tokens = 0;
  return {
    daysOf: (series, period) =>
      around("daysOf", () =>
        inPeriod(period, (day) => day.resourceId === series.resourceId && keyOf(day) === keyOf(series)),
      ),
    daysOfTenant: (tenantId, period, resourceId) =>
      around("daysOfTenant", () =>
        inPeriod(
          period,
          (day) => day.tenantId === tenantId && (resourceId === undefined || day.resourceId === resourceId),
        ),
      ),
    commit: (step) =>
      around("commit", () => {
        if (open.get(keyOf(step.open))?.version !== step.open.version) return false;
        if (step.next === undefined) open.delete(keyOf(step.open));
        else open.set(keyOf(step.open), { ...step.next, version: step.open.version + 1 });
        for (const day of step.days) {
          if (day.rows.length === 0) days.delete(dayKey(day));
          else days.set(dayKey(day), day);
        }
        return true;
      }),
    noteLate: (tenantId, months) =>
      around("noteLate", () => {
        for (const month of months) {
          tokens += 1;
          late.set(`${tenantId} ${month}`, { tenantId, month, token: `${tokens}` });
        }
      }),
    all: () => around("all", () => [...late.values()]),
    dealtWith: ({ tenantId, month, token }) =>
      around("dealtWith", () => {
        if (late.get(`${tenantId} ${month}`)?.token === token) late.delete(`${tenantId} ${month}`);
      }),
  };
}
