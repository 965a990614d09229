import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { SessionId } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { SessionDocument, sessionDocument } from "../../lib/http/session-document.ts";
import { type FindLookersDeps, findLookers } from "../../lib/session/find-lookers.ts";
import { type FindSessionDeps, findSession } from "../../lib/session/find-session.ts";
import type { Session } from "../../lib/session/session.ts";
import { toRfc3339 } from "../../lib/time.ts";

/** Shows one session: one's own always, another's with `session:read`. */
export const spec = {
  method: "GET",
  route: "/v1/sessions/{sessionId}",
  summary: "Read a session; `current` stands for the caller's",
  tag: "Sessions",
  permission: { decidedBy: "handler", action: "session:read" },
  forSupport: true,
  path: z.object({ sessionId: SessionId }),
  response: SessionDocument.extend({
    watchedBy: z
      .array(
        z.object({
          sessionId: z.string(),
          grantId: z.string(),
          agent: z.object({ id: z.string(), name: z.string() }),
          access: z.enum(["view", "guide"]),
          since: z.iso.datetime(),
          expiresAt: z.iso.datetime(),
        }),
      )
      .optional()
      .describe("The support agents who look at it at this moment, where there are any"),
  }).meta({ id: "SessionRead" }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & FindSessionDeps & FindLookersDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, nowMs } = exchange;
    const { policy } = caller.tenant;
    const session = await findSession(deps, exchange, path.sessionId);
    const lookers = await findLookers(deps, session, { policy, nowMs });
    return json({
      ...sessionDocument(session, { policy, nowMs, currentSessionId: caller.session.sessionId }),
      ...(lookers.length === 0 ? {} : { watchedBy: lookers.map(lookerDocument) }),
    });
  });

function lookerDocument({ sessionId, createdAtMs, support }: Session) {
  if (support === undefined) throw new Error(`The session ${sessionId} looks at none.`);
  const { grantId, agentId, agentName, access, expiresAtMs } = support;
  return {
    ...{ sessionId, grantId, agent: { id: agentId, name: agentName }, access },
    ...{ since: toRfc3339(createdAtMs), expiresAt: toRfc3339(expiresAtMs) },
  };
}

export const handler = createHandler({ ...platform(), sessions: sessionTable() });
