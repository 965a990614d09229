import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { stateTable } from "../../lib/aws/state-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { type ResumeStateDeps, resumeState } from "../../lib/session/resume-state.ts";

/** Goes on where an ended session stopped: brings its state into the present one. Safe to repeat. */
export const spec = {
  method: "POST",
  route: "/v1/sessions/current/resume",
  summary: "Bring the state of an ended session over",
  tag: "Sessions",
  permission: "authenticated",
  action: "session:resume",
  body: z.strictObject({ fromSessionId: Id }),
  response: z.object({ keys: z.int() }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ResumeStateDeps) =>
  endpoint(spec, deps, async ({ caller, body, trail }) => {
    trail.about({ type: "session", id: body.fromSessionId });
    const keys = await resumeState(deps, caller, body.fromSessionId);
    trail.note({ keys });
    return json({ keys });
  });

export const handler = createHandler({ ...platform(), sessions: sessionTable(), states: stateTable() });
