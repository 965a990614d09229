import * as z from "zod";
import { supportPorts } from "../../lib/aws/support-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { SessionId } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { GuidanceDocument, GuidanceText, guidanceDocument } from "../../lib/http/support-document.ts";
import { type FindSessionDeps, findSession } from "../../lib/session/find-session.ts";
import { checkGuide, type GuideSessionDeps, guideSession } from "../../lib/support/guidance.ts";

/** Says something in a session: the agent to its user, or the user to the agent. */
export const spec = {
  method: "POST",
  route: "/v1/sessions/{sessionId}/guidance",
  summary: "Guide a user, or answer the agent",
  description:
    "Between the user of a session and agents whose grant says `guide`. It comes to the user's live feed as `guidance`, and " +
    "stays on the session.",
  tag: "Support",
  permission: { decidedBy: "handler", action: "session:read" },
  action: "support:guide",
  forSupport: true,
  path: z.object({ sessionId: SessionId }),
  body: z.strictObject({ text: GuidanceText }),
  response: GuidanceDocument,
  successStatus: 201,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & FindSessionDeps & GuideSessionDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, body, trail, newId } = exchange;
    const session = await findSession(deps, exchange, path.sessionId);
    checkGuide(caller, session);
    const message = await guideSession({ ...deps, newId }, { caller, session, text: body.text }, trail);
    return json(guidanceDocument(message), { status: 201 });
  });

export const handler = createHandler(supportPorts());
