import type { EpochMs } from "../time.ts";
import {
  checkEvent,
  type IncomingEvent,
  type KnownThings,
  type MeteredResource,
  type Rejection,
} from "./check-event.ts";
import type { MeterCatalog } from "./meter-catalog.ts";
import { isAnnounced, type Touch } from "./open-series.ts";
import { hourOf, isSameContent, nameOf, seriesKey, type UsageEvent } from "./usage-event.ts";
import type { AddOutcome, OpenSeriesStore, UsageEventStore, UsageHistory } from "./usage-store.ts";

/** Tells which resources usage may be of: a tenant's own, and those of imported attachments. */
export interface MeteredResources {
  find(tenantId: string, resourceIds: readonly string[]): Promise<ReadonlyMap<string, MeteredResource>>;
}

/** What taking events in needs. */
export interface RecordUsageDeps {
  readonly events: Pick<UsageEventStore, "add" | "find">;
  readonly openSeries: Pick<OpenSeriesStore, "find" | "touch">;
  readonly history: Pick<UsageHistory, "sessions">;
  readonly meteredResources: MeteredResources;
  readonly catalog: MeterCatalog;
  readonly now: () => EpochMs;
}

/** Events of one request, each with its place in it. */
export interface RecordUsage {
  readonly tenantId: string;
  readonly events: readonly PlacedEvent[];
  readonly requestId: string;
  /** The record that the request makes. */
  readonly activityId: string;
}

/** An event and its place in the request. */
export interface PlacedEvent {
  readonly index: number;
  readonly event: IncomingEvent;
}

/** What became of an event. */
export interface EventOutcome {
  readonly index: number;
  readonly is: "accepted" | "duplicate" | Rejection;
}

/**
 * Takes usage events in, each by itself: whatever becomes of one, the others are the same. The claim of an event's
 * name and the event are one write, so that it counts once, whenever and however often it comes.
 */
export async function recordUsage(
  deps: RecordUsageDeps,
  request: RecordUsage,
): Promise<readonly EventOutcome[]> {
  const known = await readKnown(deps, request);
  const { tenantId, activityId } = request;
  const taken: { readonly index: number; readonly event: UsageEvent }[] = [];
  const refused: (PlacedEvent & { readonly rejection: Rejection })[] = [];
  for (const { index, event } of request.events) {
    const checked = checkEvent(event, known);
    if (typeof checked === "string") {
      taken.push({ index, event: { ...event, tenantId, activityId, kind: checked } });
    } else refused.push({ index, event, rejection: checked });
  }
  const [added, rejected] = await Promise.all([
    addAll(deps, { taken, request, nowMs: known.nowMs }),
    rejectUnlessKnown(deps, tenantId, refused),
  ]);
  return [...added, ...rejected].sort((a, b) => a.index - b.index);
}

async function readKnown(deps: RecordUsageDeps, { tenantId, events }: RecordUsage): Promise<KnownThings> {
  const named = new Set(events.flatMap(({ event }) => event.sessionId ?? []));
  const [definitions, resources, sessions] = await Promise.all([
    deps.catalog.definitions(),
    deps.meteredResources.find(tenantId, [...new Set(events.map(({ event }) => event.resourceId))]),
    deps.history.sessions(tenantId, [...named]),
  ]);
  const holders = [...resources.values()].flatMap(({ firstAttached }) => firstAttached?.sessionId ?? []);
  const others = new Set(holders.filter((sessionId) => !named.has(sessionId)));
  // Of the platform's own resources none is asked for: the way of live traffic is not made longer.
  const more = others.size === 0 ? [] : await deps.history.sessions(tenantId, [...others]);
  return {
    definitions,
    resources,
    sessions: new Map([...sessions, ...more].map((session) => [session.sessionId, session])),
    nowMs: deps.now(),
  };
}

async function addAll(
  deps: RecordUsageDeps,
  of: {
    readonly taken: readonly { readonly index: number; readonly event: UsageEvent }[];
    readonly request: RecordUsage;
    readonly nowMs: EpochMs;
  },
): Promise<readonly EventOutcome[]> {
  const { taken, request, nowMs } = of;
  await announce(
    deps,
    taken.map(({ event }) => event),
    nowMs,
  );
  const writes = new Map<string, { readonly event: UsageEvent; readonly outcome: Promise<AddOutcome> }>();
  return await Promise.all(
    taken.map(async ({ index, event }): Promise<EventOutcome> => {
      const earlier = writes.get(nameOf(event));
      if (earlier !== undefined) {
        const outcome = await earlier.outcome;
        return { index, is: repetition(outcome.is === "added" ? earlier.event : outcome.before, event) };
      }
      const adding = deps.events.add(event, request.requestId);
      writes.set(nameOf(event), { event, outcome: adding });
      const outcome = await adding;
      return { index, is: outcome.is === "added" ? "accepted" : repetition(outcome.before, event) };
    }),
  );
}

/** Announces the hours that are changing. It comes first: an event that nobody knows of would never be rolled up. */
async function announce(deps: RecordUsageDeps, events: readonly UsageEvent[], nowMs: EpochMs): Promise<void> {
  const touches = touchesOf(events);
  if (touches.length === 0) return;
  const open = await deps.openSeries.find(touches);
  const byKey = new Map(open.map((series) => [seriesKey(series), series]));
  await deps.openSeries.touch(
    touches.filter((touch) => !isAnnounced(byKey.get(seriesKey(touch)), touch.hourMs, nowMs)),
    nowMs,
  );
}

/** The hours of series that events change, each once. */
export function touchesOf(events: readonly UsageEvent[]): readonly Touch[] {
  const touches = events.map(({ tenantId, resourceId, meter, atMs }) => {
    const touch = { tenantId, resourceId, meter, hourMs: hourOf(atMs) };
    return [JSON.stringify(touch), touch] as const;
  });
  return [...new Map(touches).values()];
}

/** What came before under the same name is a repetition at any time, even where it would not be taken any more. */
async function rejectUnlessKnown(
  deps: RecordUsageDeps,
  tenantId: string,
  refused: readonly (PlacedEvent & { readonly rejection: Rejection })[],
): Promise<readonly EventOutcome[]> {
  if (refused.length === 0) return [];
  const found = await deps.events.find(
    tenantId,
    refused.map(({ event }) => event),
  );
  const known = new Map(found.map((event) => [nameOf(event), event]));
  return refused.map(({ index, event, rejection }) => {
    const before = known.get(nameOf(event));
    if (before === undefined) return { index, is: rejection };
    return { index, is: repetition(before, { ...event, tenantId, kind: before.kind }) };
  });
}

function repetition(before: UsageEvent, event: UsageEvent): EventOutcome["is"] {
  if (isSameContent(before, event)) return "duplicate";
  return { code: "usage.conflict", message: "There is another event of this source and id." };
}
