import * as z from "zod";
import type { ActivitySeekerDeps } from "../../lib/activity/activity-seeker.ts";
import { listActivity } from "../../lib/activity/list-activity.ts";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { ActivityDocument, activityDocument } from "../../lib/http/activity-document.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import { ActivityFilters, activityQuery } from "./activity-filters.ts";

/** Lists what happened: the caller's own part of the log, the tenant's with `activity:list`. */
export const spec = {
  method: "GET",
  route: "/v1/activity",
  summary: "List what happened, newest first",
  description:
    "Without `activity:list` the list is the caller's own: what they did, and all that happened in the session of " +
    "theirs that `sessionId` names. A page can be shorter than its limit and still have a `nextCursor`.",
  tag: "Activity",
  permission: { decidedBy: "handler", action: "activity:list" },
  forSupport: true,
  query: z.object({ ...PageQuery, ...ActivityFilters }),
  response: pageOf(ActivityDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ActivitySeekerDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, query, position, page } = exchange;
    const asked = activityQuery(query, caller.session.sessionId);
    const afterId = await position();
    const { records, nextAfterId } = await listActivity(deps, exchange, {
      ...asked,
      limit: query.limit,
      ...(afterId === undefined ? {} : { afterId }),
    });
    return await page(records.map(activityDocument), nextAfterId);
  });

export const handler = createHandler({ ...platform(), sessions: sessionTable() });
