import * as z from "zod";
import { workflowRunPorts } from "../../lib/aws/workflow-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { type EndRunDeps, endRun } from "../../lib/workflow/end-run.ts";
import { type FindRunDeps, findRun } from "../../lib/workflow/find-run.ts";
import { RunPath } from "./run-path.ts";

/** Ends a workflow run: all of its sessions. */
export const spec = {
  method: "POST",
  route: "/v1/workflows/{runId}/end",
  summary: "End a workflow run: all of its sessions",
  description:
    "A run may end itself; others' need `workflow:end`. Ended by anybody but itself a run stays ended, and its jobs get no more tokens. Repeating it is harmless.",
  tag: "Workflows",
  permission: { decidedBy: "handler", action: "workflow:end" },
  path: RunPath,
  response: z.object({
    runId: z.string(),
    status: z.literal("ended"),
    ended: z.int().describe("Sessions that were active until now."),
  }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & FindRunDeps & EndRunDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, trail } = exchange;
    const run = await findRun(deps, exchange, path.runId);
    const ended = await endRun(deps, { run, tenant: caller.tenant }, trail);
    return json({ runId: run.runId, status: "ended", ended });
  });

export const handler = createHandler(workflowRunPorts());
