import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { ForeignId } from "../../lib/http/metering-schema.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import { SessionDocument, sessionDocument } from "../../lib/http/session-document.ts";
import { type ListSessionsDeps, listSessions } from "../../lib/session/list-sessions.ts";

/** Lists the caller's own sessions; those of another user, or of the whole tenant, need `session:list`. */
export const spec = {
  method: "GET",
  route: "/v1/sessions",
  summary: "List sessions, newest first",
  tag: "Sessions",
  permission: { decidedBy: "handler", action: "session:list" },
  query: z.object({
    ...PageQuery,
    status: z.enum(["active", "ended"]).optional(),
    userId: ForeignId.optional(),
  }),
  response: pageOf(SessionDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ListSessionsDeps) =>
  endpoint(spec, deps, async ({ caller, query, authorise, mayI, position, page, nowMs }) => {
    const resource = { type: "session", id: "*" };
    const own = query.userId === caller.userId || (query.userId === undefined && !mayI({ resource }));
    authorise({ resource, own });
    const { sessions, nextAfterId } = await listSessions(deps, {
      tenant: caller.tenant,
      userId: own ? caller.userId : query.userId,
      status: query.status,
      limit: query.limit,
      afterId: await position(),
    });
    const viewpoint = {
      policy: caller.tenant.policy,
      nowMs,
      currentSessionId: caller.session.sessionId,
    };
    return await page(
      sessions.map((session) => sessionDocument(session, viewpoint)),
      nextAfterId,
    );
  });

export const handler = createHandler({ ...platform(), sessions: sessionTable() });
