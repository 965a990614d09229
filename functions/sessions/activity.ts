import * as z from "zod";
import type { ActivitySeekerDeps } from "../../lib/activity/activity-seeker.ts";
import { listSessionActivity } from "../../lib/activity/list-session-activity.ts";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { ActivityDocument, activityDocument } from "../../lib/http/activity-document.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf, SessionId } from "../../lib/http/parse.ts";

/** Tells one session's story: one's own always, another's with `activity:list`. */
export const spec = {
  method: "GET",
  route: "/v1/sessions/{sessionId}/activity",
  summary: "List what happened in a session, oldest first; `current` stands for the caller's",
  description: "The list ends with what was on record when its first page was read.",
  tag: "Sessions",
  permission: { decidedBy: "handler", action: "activity:list" },
  forSupport: true,
  path: z.object({ sessionId: SessionId }),
  query: z.object(PageQuery),
  response: pageOf(ActivityDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

/** Where a list goes on, and where it ends. Ids have no space in them. */
const SEPARATOR = " ";

export const createHandler = (deps: HttpDeps & ActivitySeekerDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { path, query, position, page } = exchange;
    const [afterId, throughId] = (await position())?.split(SEPARATOR) ?? [];
    const found = await listSessionActivity(deps, exchange, {
      sessionId: path.sessionId,
      limit: query.limit,
      ...(afterId === undefined ? {} : { afterId }),
      ...(throughId === undefined ? {} : { throughId }),
    });
    return await page(
      found.records.map(activityDocument),
      found.nextAfterId === undefined ? undefined : [found.nextAfterId, found.throughId].join(SEPARATOR),
    );
  });

export const handler = createHandler({ ...platform(), sessions: sessionTable() });
