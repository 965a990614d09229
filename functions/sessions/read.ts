import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { SessionId } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { SessionDocument, sessionDocument } from "../../lib/http/session-document.ts";
import { type FindSessionDeps, findSession } from "../../lib/session/find-session.ts";

/** Shows one session: one's own always, another's with `session:read`. */
export const spec = {
  method: "GET",
  route: "/v1/sessions/{sessionId}",
  summary: "Read a session; `current` stands for the caller's",
  tag: "Sessions",
  permission: { decidedBy: "handler", action: "session:read" },
  path: z.object({ sessionId: SessionId }),
  response: SessionDocument,
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & FindSessionDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, nowMs } = exchange;
    const session = await findSession(deps, exchange, path.sessionId);
    return json(
      sessionDocument(session, {
        policy: caller.tenant.policy,
        nowMs,
        currentSessionId: caller.session.sessionId,
      }),
    );
  });

export const handler = createHandler({ ...platform(), sessions: sessionTable() });
