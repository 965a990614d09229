import { invalidField } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { ActivityReader } from "./activity.ts";
import type { RecordFacts } from "./journal.ts";
import { factsOf } from "./journal-records.ts";
import {
  histogramOf,
  type LatencyHistogram,
  type LatencySummary,
  mergeHistograms,
  summaryOf,
} from "./latency-histogram.ts";
import { groupOf, type MetricDimension, type MetricStore, SPAN_MS, type Span, startOf } from "./metrics.ts";
import { type PendingFacts, type PendingFactsDeps, pendingFacts } from "./pending-facts.ts";

/** What reading metrics needs. */
export interface ReadMetricsDeps extends PendingFactsDeps {
  readonly metrics: Pick<MetricStore, "range">;
  readonly activity: Pick<ActivityReader, "find">;
  readonly now: () => EpochMs;
}

/** What is asked for: `fromMs <= time < toMs`. */
export interface ReadMetrics {
  readonly tenantId: string;
  readonly dimension: MetricDimension;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
}

/** One group's figures. */
export interface MetricGroup extends LatencySummary {
  readonly key: string;
}

/** Groups of one answer: more of them say nothing to anybody. */
const CELLS_MAX = 50_000;
/** Records that are counted one by one around an end of the range that is not on a full hour. */
const EDGE_RECORDS_MAX = 10_000;
const EDGE_PAGE = 1000;

/**
 * Adds a tenant's metrics up by group, the most frequent first: whole days and hours as they are rolled up, what is not
 * rolled up yet from the journal, and what lies around ends that are not on a full hour record by record.
 * @throws AppError `request.invalid` for a range with too many groups, or with too many records around its ends
 */
export async function readMetrics(
  deps: ReadMetricsDeps,
  asked: ReadMetrics,
): Promise<readonly MetricGroup[]> {
  const parts = partsOf(asked, deps.now());
  const groups = new Map<string, LatencyHistogram>();
  const add = (group: string | undefined, histogram: LatencyHistogram): void => {
    if (group === undefined) return;
    const known = groups.get(group);
    groups.set(group, known === undefined ? histogram : mergeHistograms(known, histogram));
  };
  const pending = await pendingFacts(deps, asked.tenantId);
  await addRolledUp(deps, asked, { spans: parts.spans, pending, add });
  for (const edge of parts.edges) {
    for (const line of await factsIn(deps, asked.tenantId, edge)) {
      add(groupOf(line, asked.dimension), histogramOf(line));
    }
  }
  return [...groups]
    .map(([key, histogram]) => ({ key, ...summaryOf(histogram) }))
    .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}

/** Adds cells, and what is pending for them or for cells that there are not yet. */
async function addRolledUp(
  { metrics }: Pick<ReadMetricsDeps, "metrics">,
  { tenantId, dimension }: ReadMetrics,
  of: {
    readonly spans: Parts["spans"];
    readonly pending: readonly PendingFacts[];
    readonly add: (group: string, histogram: LatencyHistogram) => void;
  },
): Promise<void> {
  const through = new Map<string, number>();
  for (const { span, fromMs, toMs } of of.spans) {
    for await (const cell of metrics.range({ tenantId, dimension, span, fromMs, toMs })) {
      through.set(cellName(span, cell.startMs, cell.group), cell.throughEntry);
      if (through.size > CELLS_MAX) throw invalidField("/query/from", "holds too many groups: ask for less");
      of.add(cell.group, cell.figures.histogram);
    }
  }
  for (const { entry, line } of of.pending) {
    const part = of.spans.find(({ fromMs, toMs }) => fromMs <= line.timeMs && line.timeMs < toMs);
    const group = groupOf(line, dimension);
    if (part === undefined || group === undefined) continue;
    const name = cellName(part.span, startOf(line.timeMs, part.span), group);
    if (entry > (through.get(name) ?? 0)) of.add(group, histogramOf(line));
  }
}

interface Part {
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
}

interface Parts {
  /** Whole days and whole hours. */
  readonly spans: readonly (Part & { readonly span: Span })[];
  /** What is less than an hour, with the end of the range that it is at. */
  readonly edges: readonly (Part & { readonly pointer: string })[];
}

/** Takes a range apart. The hour that is still running is whole where the range goes on to its end or to now. */
function partsOf({ fromMs, toMs }: ReadMetrics, nowMs: EpochMs): Parts {
  const endMs = toMs >= nowMs ? startOf(toMs + SPAN_MS.hour - 1, "hour") : toMs;
  const firstHour = startOf(fromMs + SPAN_MS.hour - 1, "hour");
  const lastHour = startOf(endMs, "hour");
  if (firstHour > lastHour) return { spans: [], edges: [{ fromMs, toMs, pointer: "/query/from" }] };
  const firstDay = startOf(firstHour + SPAN_MS.day - 1, "day");
  const lastDay = startOf(lastHour, "day");
  const spans =
    firstDay < lastDay
      ? [
          { span: "hour", fromMs: firstHour, toMs: firstDay } as const,
          { span: "day", fromMs: firstDay, toMs: lastDay } as const,
          { span: "hour", fromMs: lastDay, toMs: lastHour } as const,
        ]
      : [{ span: "hour", fromMs: firstHour, toMs: lastHour } as const];
  const edges = [
    { fromMs, toMs: firstHour, pointer: "/query/from" },
    { fromMs: lastHour, toMs: endMs, pointer: "/query/to" },
  ];
  const isSome = (part: Part): boolean => part.fromMs < part.toMs;
  return { spans: spans.filter(isSome), edges: edges.filter(isSome) };
}

async function factsIn(
  { activity }: Pick<ReadMetricsDeps, "activity">,
  tenantId: string,
  { fromMs, toMs, pointer }: Part & { readonly pointer: string },
): Promise<readonly RecordFacts[]> {
  const lines: RecordFacts[] = [];
  let afterId: string | undefined;
  do {
    const page = await activity.find({
      ...{ tenantId, fromMs, toMs, order: "oldest_first", limit: EDGE_PAGE },
      ...(afterId === undefined ? {} : { afterId }),
    });
    lines.push(...page.records.map(factsOf));
    if (lines.length > EDGE_RECORDS_MAX) {
      throw invalidField(pointer, "must be on a full hour: too many records are around it to be counted");
    }
    afterId = page.nextAfterId;
  } while (afterId !== undefined);
  return lines;
}

function cellName(span: Span, startMs: EpochMs, group: string): string {
  return `${span} ${startMs} ${group}`;
}
