import * as z from "zod";
import { METRIC_DIMENSIONS } from "../../lib/activity/metrics.ts";
import { type MetricGroup, type ReadMetricsDeps, readMetrics } from "../../lib/activity/read-metrics.ts";
import { activityMetricsTable } from "../../lib/aws/activity-metrics-table.ts";
import { journalTable } from "../../lib/aws/journal-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { invalidField } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { TimeInput } from "../../lib/http/metering-schema.ts";
import { LatencyFigures, latencyFigures } from "../../lib/http/metrics-document.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";

const DAY_MS = 86_400_000;
const RANGE_DAYS_DEFAULT = 30;
const RANGE_DAYS_MAX = 400;

/** Says how often and how fast things are done in the caller's tenant, and how they come out. */
export const spec = {
  method: "GET",
  route: "/v1/metrics",
  summary: "Read how often, how fast and how well things are done",
  description:
    "By group, the most frequent first. `from` is inclusive and 30 days before `to` where it is left out, `to` is not, " +
    "and is now. Ends that are on full UTC hours are the quickest to answer. `key` is the action, user, session, task or " +
    "`type/id` of a resource; what has none is left out.",
  tag: "Metrics",
  permission: "activity:list",
  query: z.object({
    ...PageQuery,
    groupBy: z.enum(METRIC_DIMENSIONS).default("action"),
    from: TimeInput.optional(),
    to: TimeInput.optional(),
  }),
  response: pageOf(z.object({ key: z.string(), ...LatencyFigures })),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ReadMetricsDeps) =>
  endpoint(spec, deps, async ({ caller, query, position, page, nowMs }) => {
    // Records may be up to five minutes ahead: without an end, all that there is is meant.
    const toMs = query.to ?? nowMs + DAY_MS;
    const fromMs = query.from ?? Math.min(toMs, nowMs) - RANGE_DAYS_DEFAULT * DAY_MS;
    if (fromMs > toMs) throw invalidField("/query/from", "must not be after to");
    if (Math.min(toMs, nowMs) - fromMs > RANGE_DAYS_MAX * DAY_MS) {
      throw invalidField("/query/from", `must not be more than ${RANGE_DAYS_MAX} days before to`);
    }
    const asked = { tenantId: caller.tenantId, dimension: query.groupBy, fromMs, toMs };
    const after = placeOf(await position());
    const groups = (await readMetrics(deps, asked)).filter((group) => isAfter(group, after));
    const some = groups.slice(0, query.limit);
    const last = some.at(-1);
    return await page(
      some.map(({ key, ...figures }) => ({ key, ...latencyFigures(figures) })),
      last === undefined || groups.length <= query.limit ? undefined : JSON.stringify([last.count, last.key]),
    );
  });

type Place = readonly [count: number, key: string];

/** A position is sealed: what comes back is what was written. */
function placeOf(position: string | undefined): Place | undefined {
  return position === undefined ? undefined : (JSON.parse(position) as Place);
}

function isAfter({ count, key }: MetricGroup, after: Place | undefined): boolean {
  if (after === undefined) return true;
  return count < after[0] || (count === after[0] && key > after[1]);
}

const journal = journalTable();

export const handler = createHandler({
  ...platform(),
  journal,
  positions: journal,
  metrics: activityMetricsTable(),
});
