import * as z from "zod";
import type { Example } from "../../lib/activity/metrics.ts";
import {
  type ReadSessionMetricsDeps,
  readSessionMetrics,
  type SessionAction,
} from "../../lib/activity/read-session-metrics.ts";
import { activityMetricsTable } from "../../lib/aws/activity-metrics-table.ts";
import { journalTable } from "../../lib/aws/journal-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { usagePorts } from "../../lib/aws/usage-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { LatencyFigures, latencyFigures } from "../../lib/http/metrics-document.ts";
import { SessionId } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { type FindSessionDeps, findSession } from "../../lib/session/find-session.ts";
import { endOf } from "../../lib/session/session.ts";
import { toRfc3339 } from "../../lib/time.ts";
import { type ReportUsageDeps, reportUsage, type UsageLine } from "../../lib/usage/report-usage.ts";

/** As many as fit on a page that one looks at in a hurry. */
const SHOWN_FIRST = 10;
/** More meters than a rate card has. */
const METERS_MAX = 200;

const ExampleDocument = z.object({
  activityId: z.string(),
  durationMs: z.number(),
  at: z.iso.datetime(),
  errorCode: z.string().optional(),
});

const Action = z.object({
  action: z.string(),
  ...LatencyFigures,
  slowest: ExampleDocument.describe("The record that took longest"),
  lastFailure: ExampleDocument.optional().describe("The last record that failed or was denied"),
});

/** Tells what went slow and what went wrong in one session, and what it has used. */
export const spec = {
  method: "GET",
  route: "/v1/sessions/{sessionId}/metrics",
  summary: "Read a session's metrics and usage so far; `current` stands for the caller's",
  description:
    "`failing` has the actions that failed or were denied, those that did so most first; `slowest` those that take " +
    "longest (95th percentile). Each names the records to look at. `usage` is what the session has used by meter, " +
    "exact as of now.",
  tag: "Sessions",
  permission: { decidedBy: "handler", action: "session:read" },
  forSupport: true,
  path: z.object({ sessionId: SessionId }),
  response: z.object({
    sessionId: z.string(),
    ...z.object(LatencyFigures).partial({ firstAt: true, lastAt: true }).shape,
    cpu: z.string().describe("vCPU-hours so far"),
    storage: z.string().describe("GiB-hours so far"),
    network: z.string().describe("GiB out so far"),
    usage: z.array(z.object({ meter: z.string(), unit: z.string(), quantity: z.string() })),
    failing: z.array(Action),
    slowest: z.array(Action),
    actions: z.array(Action).describe("All actions, in the order of `failing` and then of `slowest`"),
  }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & FindSessionDeps & ReadSessionMetricsDeps & ReportUsageDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, nowMs } = exchange;
    const session = await findSession(deps, exchange, path.sessionId);
    const { tenantId, sessionId, createdAtMs } = session;
    const endAtMs = endOf(session, caller.tenant.policy, nowMs)?.atMs ?? nowMs;
    const [{ summary, actions }, { lines }] = await Promise.all([
      readSessionMetrics(deps, { tenantId, sessionId }),
      reportUsage(deps, {
        ...{ tenantId, sessionId, grouping: "meter", limit: METERS_MAX },
        period: { startAtMs: createdAtMs, endAtMs: Math.max(createdAtMs, endAtMs) },
      }),
    ]);
    const bySlowness = actions.toSorted((a, b) => b.p95Ms - a.p95Ms);
    return json({
      sessionId,
      ...(summary === undefined ? NOTHING_DONE : latencyFigures(summary)),
      ...{ cpu: used(lines, "cpu"), storage: used(lines, "storage"), network: used(lines, "network") },
      usage: lines.map(({ meter, unit, quantity }) => ({ meter, unit, quantity })),
      failing: actions
        .filter(({ errors, denied }) => errors + denied > 0)
        .slice(0, SHOWN_FIRST)
        .map(shown),
      slowest: bySlowness.slice(0, SHOWN_FIRST).map(shown),
      actions: actions.map(shown),
    });
  });

function used(lines: readonly UsageLine[], meter: string): string {
  return lines.find((line) => line.meter === meter)?.quantity ?? "0.000000000";
}

const NOTHING_DONE = { count: 0, errors: 0, denied: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 };

function shown({ action, slowest, lastFailure, ...figures }: SessionAction) {
  return {
    action,
    ...latencyFigures(figures),
    slowest: shownExample(slowest),
    ...(lastFailure === undefined ? {} : { lastFailure: shownExample(lastFailure) }),
  };
}

function shownExample({ atMs, ...example }: Example) {
  return { ...example, at: toRfc3339(atMs) };
}

const journal = journalTable();

export const handler = createHandler({
  ...platform(),
  ...usagePorts(),
  sessions: sessionTable(),
  journal,
  positions: journal,
  metrics: activityMetricsTable(),
});
