import * as z from "zod";
import { platform, sessionEnding } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { SessionId } from "../../lib/http/parse.ts";
import { noContent } from "../../lib/http/reply.ts";
import type { EndSessionDeps } from "../../lib/session/end-session.ts";
import { type FindSessionDeps, findSession } from "../../lib/session/find-session.ts";
import { revokeSession } from "../../lib/session/revoke-session.ts";

/** Ends a session: one's own always, another's with `session:revoke`. Repeating it is harmless: an ended one stays ended. */
export const spec = {
  method: "DELETE",
  route: "/v1/sessions/{sessionId}",
  summary: "End a session; `current` stands for the caller's",
  tag: "Sessions",
  permission: { decidedBy: "handler", action: "session:revoke" },
  path: z.object({ sessionId: SessionId }),
  response: z.void(),
  successStatus: 204,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & FindSessionDeps & EndSessionDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, trail } = exchange;
    const session = await findSession(deps, exchange, path.sessionId);
    await revokeSession(deps, { session, policy: caller.tenant.policy, trail });
    return noContent();
  });

export const handler = createHandler({ ...platform(), ...sessionEnding(), sessions: sessionTable() });
