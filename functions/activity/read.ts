import * as z from "zod";
import type { ActivitySeekerDeps } from "../../lib/activity/activity-seeker.ts";
import { readActivity } from "../../lib/activity/read-activity.ts";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { ActivityDocument, activityDocument } from "../../lib/http/activity-document.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";

/** Shows one record of the log: one's own always, another's with `activity:list`. */
export const spec = {
  method: "GET",
  route: "/v1/activity/{activityId}",
  summary: "Read one record",
  tag: "Activity",
  permission: { decidedBy: "handler", action: "activity:list" },
  forSupport: true,
  path: z.object({ activityId: Id }),
  response: ActivityDocument,
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ActivitySeekerDeps) =>
  endpoint(spec, deps, async (exchange) =>
    json(activityDocument(await readActivity(deps, exchange, exchange.path.activityId))),
  );

export const handler = createHandler({ ...platform(), sessions: sessionTable() });
