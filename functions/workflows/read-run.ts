import * as z from "zod";
import { workflowRunPorts } from "../../lib/aws/workflow-ports.ts";
import { ActivityDocument, activityDocument } from "../../lib/http/activity-document.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { SessionDocument, sessionDocument } from "../../lib/http/session-document.ts";
import { RESOURCE_TYPES } from "../../lib/resource/resource.ts";
import { toRfc3339 } from "../../lib/time.ts";
import { type FindRunDeps, findRun } from "../../lib/workflow/find-run.ts";
import { type ReadRunDeps, readRun } from "../../lib/workflow/read-run.ts";
import { RunPath } from "./run-path.ts";

const Resource = z.object({
  id: z.string(),
  type: z.enum(RESOURCE_TYPES),
  name: z.string(),
  state: z.string(),
});

const Cost = z.object({
  month: z.string().meta({ examples: ["2026-10"] }),
  currency: z.string(),
  amount: z.string(),
  lines: z.array(z.object({ meter: z.string(), quantity: z.string(), unit: z.string(), amount: z.string() })),
});

/** Shows what a run did, what it held and what it cost. */
export const spec = {
  method: "GET",
  route: "/v1/workflows/{runId}",
  summary: "Read a workflow run: its sessions, actions, resources and cost",
  description:
    "A run sees itself; others' need `workflow:read`. `actions` are the latest 100, newest first; all of them are at `GET /v1/activity?workflowRunId=`. `resources` are those that a session of the run has held and that the caller may read. `cost` is the run's part of the tenant's month, before taxes and minimums; in a month that is not over, as of now.",
  tag: "Workflows",
  permission: { decidedBy: "handler", action: "workflow:read" },
  path: RunPath,
  response: z.object({
    runId: z.string(),
    provider: z.string(),
    ref: z.string().optional(),
    status: z.enum(["active", "ended"]),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
    sessions: z.array(SessionDocument),
    actions: z.array(ActivityDocument),
    resources: z.array(Resource),
    cost: z.array(Cost),
  }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & FindRunDeps & ReadRunDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, nowMs, mayI } = exchange;
    const { policy } = caller.tenant;
    const run = await findRun(deps, exchange, path.runId);
    const { workflow, startedAtMs, endedAtMs, actions, resources, cost } = await readRun(
      deps,
      run,
      caller.tenant,
    );
    const seen = resources.filter(({ blueprint: { type }, resourceId: id, ownerId, tags }) =>
      mayI({ action: `${type}:read`, resource: { type, id }, ownerId, tags }),
    );
    return json({
      ...workflow,
      status: endedAtMs === undefined ? "active" : "ended",
      startedAt: toRfc3339(startedAtMs),
      ...(endedAtMs === undefined ? {} : { endedAt: toRfc3339(endedAtMs) }),
      sessions: run.sessions.map((session) =>
        sessionDocument(session, { policy, nowMs, currentSessionId: caller.session.sessionId }),
      ),
      actions: actions.map(activityDocument),
      resources: seen.map(({ resourceId, blueprint, name, state }) => ({
        ...{ id: resourceId, type: blueprint.type, name, state },
      })),
      cost,
    });
  });

export const handler = createHandler(workflowRunPorts());
