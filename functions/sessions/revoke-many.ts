import * as z from "zod";
import { platform, sessionEnding } from "../../lib/aws/platform.ts";
import { sessionTable } from "../../lib/aws/session-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { type RevokeSessionsDeps, revokeSessions } from "../../lib/session/revoke-sessions.ts";

/** Ends all sessions of a user, at the user's wish without the one that asks. */
export const spec = {
  method: "POST",
  route: "/v1/sessions/revoke",
  summary: "End all sessions of a user",
  tag: "Sessions",
  permission: { decidedBy: "handler", action: "session:revoke" },
  body: z.strictObject({ userId: Id.optional(), exceptCurrent: z.boolean().default(false) }),
  bodyOptional: true,
  response: z.object({ revoked: z.int() }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & RevokeSessionsDeps) =>
  endpoint(spec, deps, async ({ body, caller, trail, authorise }) => {
    const userId = body.userId ?? caller.userId;
    const resource = { type: "user", id: userId };
    trail.about(resource);
    authorise({ resource: { type: "session", id: "*" }, ownerId: userId, own: userId === caller.userId });
    const revoked = await revokeSessions(deps, {
      tenant: caller.tenant,
      userId,
      exceptSessionId: body.exceptCurrent ? caller.session.sessionId : undefined,
      reason: "revoked",
      trail,
      withRecord: true,
    });
    trail.note({ revoked });
    return json({ revoked });
  });

export const handler = createHandler({ ...platform(), ...sessionEnding(), sessions: sessionTable() });
