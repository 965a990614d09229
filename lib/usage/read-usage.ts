import type { EpochMs } from "../time.ts";
import { gatherEvents, type Stretch } from "./gather-events.ts";
import { type MeteringInput, meterUsage } from "./meter-usage.ts";
import { type OpenSeries, openFrom } from "./open-series.ts";
import { HOUR_MS, type Period, type UsageRow } from "./usage.ts";
import { hourOf, type Series, seriesKey } from "./usage-event.ts";
import type { UsageInputs, UsageQuery } from "./usage-source.ts";
import type { OpenSeriesStore, RollUpStore, StoredDay, UsageHistory } from "./usage-store.ts";

/** What reading usage needs. */
export interface ReadUsageDeps {
  readonly openSeries: Pick<OpenSeriesStore, "ofTenant">;
  readonly history: UsageHistory;
  readonly rollUps: Pick<RollUpStore, "daysOfTenant">;
  readonly now: () => EpochMs;
}

/** The usage rows of a period as they are now: stored ones where they are final, and metered anew elsewhere. */
export async function readUsage(
  deps: ReadUsageDeps,
  query: UsageQuery & Pick<MeteringInput, "bucket">,
): Promise<readonly UsageRow[]> {
  const { meters, bucket } = query;
  const period = untilNow(query.period, deps.now());
  const plans = (await knownSeries(deps, query, period)).map((known) => planOf(known, period, meters));
  const gathered = await gatherEvents(deps.history, {
    ...query,
    stretches: plans.flatMap(({ stretches }) => stretches),
  });
  return [
    ...plans.flatMap(({ stored }) => stored),
    ...gathered.flatMap(({ inputs }) => meterUsage({ ...inputs, meters, bucket })),
  ];
}

/** Everything that a period's usage follows from, as evidence. */
export async function readUsageInputs(deps: ReadUsageDeps, query: UsageQuery): Promise<UsageInputs> {
  const period = untilNow(query.period, deps.now());
  const known = await knownSeries(deps, query, period);
  const gathered = await gatherEvents(deps.history, {
    ...query,
    stretches: known.map(({ series }) => ({ series, period })),
  });
  const inputs = gathered.map((stretch) => stretch.inputs);
  return {
    period,
    sessions: [
      ...new Map(inputs.flatMap(({ sessions }) => sessions).map((session) => [session.sessionId, session])),
    ].map(([, session]) => session),
    attachments: [...new Set(inputs.flatMap(({ attachments }) => attachments))],
    gauges: inputs.flatMap(({ gauges }) => gauges),
    counters: inputs.flatMap(({ counters }) => counters),
  };
}

/** A series that may have been used in the period. */
interface KnownSeries {
  readonly series: Series;
  /** Where its stored rows end to be final. */
  readonly openFromMs: EpochMs;
  readonly days: readonly StoredDay[];
}

async function knownSeries(
  deps: ReadUsageDeps,
  { tenantId, resourceId, meters }: UsageQuery,
  period: Period,
): Promise<readonly KnownSeries[]> {
  if (period.startAtMs >= period.endAtMs) return [];
  // First what is open, then what is stored: what is rolled up in between is then in both, and metered anew.
  const open = await deps.openSeries.ofTenant(tenantId, resourceId);
  const [days, sessions] = await Promise.all([
    deps.rollUps.daysOfTenant(tenantId, period, resourceId),
    deps.history.sessions(tenantId, [...new Set(open.flatMap(({ aliveSessionIds }) => aliveSessionIds))]),
  ]);
  const lives = new Map(sessions.map((session) => [session.sessionId, session]));
  const openByKey = new Map<string, OpenSeries>(open.map((series) => [seriesKey(series), series]));
  const daysByKey = Map.groupBy(days, seriesKey);
  return [...new Set([...openByKey.keys(), ...daysByKey.keys()])].flatMap((key) => {
    const stillOpen = openByKey.get(key);
    const ofSeries = daysByKey.get(key) ?? [];
    const series = stillOpen ?? ofSeries[0];
    if (series === undefined || !meters.has(series.meter)) return [];
    const openFromMs = stillOpen === undefined ? Number.POSITIVE_INFINITY : openFrom(stillOpen, lives);
    return [{ series, openFromMs, days: ofSeries }];
  });
}

/** What of a series is taken from the stored rows, and which stretches of it are metered anew. */
function planOf(
  { series, openFromMs, days }: KnownSeries,
  period: Period,
  meters: UsageQuery["meters"],
): { readonly stored: readonly UsageRow[]; readonly stretches: readonly Stretch[] } {
  const isAsMetered = days.every(({ aggregation }) => aggregation === meters.get(series.meter));
  const final = {
    startAtMs: Math.ceil(period.startAtMs / HOUR_MS) * HOUR_MS,
    endAtMs: hourOf(Math.min(period.endAtMs, openFromMs)),
  };
  if (!isAsMetered || final.startAtMs >= final.endAtMs)
    return { stored: [], stretches: [{ series, period }] };
  const rows = days.flatMap((day) => day.rows);
  const edges = [
    { startAtMs: period.startAtMs, endAtMs: final.startAtMs },
    { startAtMs: final.endAtMs, endAtMs: period.endAtMs },
  ].filter(({ startAtMs, endAtMs }) => {
    // A final hour without a row is one without usage.
    const isFinal = endAtMs <= openFromMs;
    return (
      startAtMs < endAtMs && !(isFinal && !rows.some((row) => row.bucketStartAtMs === hourOf(startAtMs)))
    );
  });
  return {
    stored: rows.filter(
      ({ bucketStartAtMs }) => bucketStartAtMs >= final.startAtMs && bucketStartAtMs < final.endAtMs,
    ),
    stretches: edges.map((edge) => ({ series, period: edge })),
  };
}

function untilNow({ startAtMs, endAtMs }: Period, nowMs: EpochMs): Period {
  return { startAtMs, endAtMs: Math.max(startAtMs, Math.min(endAtMs, nowMs)) };
}
