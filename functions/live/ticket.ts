import * as z from "zod";
import { env } from "../../lib/aws/env.ts";
import { platform, platformSeals } from "../../lib/aws/platform.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { type IssueTicketDeps, issueTicket } from "../../lib/live/issue-ticket.ts";

/** Gives out a ticket that opens one live feed. */
export const spec = {
  method: "POST",
  route: "/v1/live/tickets",
  summary: "Get a ticket for the live feed",
  description:
    "`url` opens a WebSocket, once, within 30 seconds. Each message is `{type, data}`: `activity` with a record, `session` " +
    "with a session that has begun or ended, `alert` with one that was opened or moved, `guidance`; of what the caller " +
    "may see at that moment: all of the tenant with `activity:list`, else their own. Add `&since=act_…`, the last record " +
    "that came, to get up to 1,000 missed ones first, in the order in which they came in. The feed closes when its session ends, " +
    'which watching it does not put off, and after two hours at the latest. It takes nothing but `{"type":"ping"}`, ' +
    "at most every ten seconds. Opening is refused with 401 for a ticket that was used or has expired, 403 for another " +
    "site's page, 429 beyond 10 feeds of a session, 400 and 409 for a `since` that is none or too far back.",
  tag: "Live",
  permission: "authenticated",
  forSupport: true,
  action: "live:connect",
  // Opening the feed is on record.
  recorded: false,
  body: z.strictObject({}),
  bodyOptional: true,
  response: z.object({ ticket: z.string(), url: z.string(), expiresIn: z.literal(30) }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & IssueTicketDeps) =>
  endpoint(spec, deps, async ({ caller }) => {
    const { tenantId, userId, session } = caller;
    return json(await issueTicket(deps, { tenantId, userId, sessionId: session.sessionId }));
  });

export const handler = createHandler({ ...platform(), seals: platformSeals, liveUrl: env.liveUrl });
