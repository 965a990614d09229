import * as z from "zod";
import { supportPorts } from "../../lib/aws/support-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { SessionId } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { RequestDocument, requestDocument, TermsSchema } from "../../lib/http/support-document.ts";
import { type RequestSupportDeps, requestSupport } from "../../lib/support/request-support.ts";

/** Asks the user of a session for a look at it. */
export const spec = {
  method: "POST",
  route: "/v1/support/requests",
  summary: "Ask a user for a look at their session",
  description:
    "For support agents. The user has told the session's id; they see the request on their live feed and in their list, " +
    "and have an hour to answer. Sessions that are over or cannot be looked at are not found.",
  tag: "Support",
  permission: "authenticated",
  action: "support:request",
  forPeople: true,
  body: z.strictObject({ sessionId: SessionId, ...TermsSchema }),
  response: RequestDocument,
  successStatus: 201,
  errors: ["access.denied", "not_found"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & RequestSupportDeps) =>
  endpoint(spec, deps, async ({ body, caller, trail, newId, nowMs }) => {
    const { sessionId, access, reason, expiresInSeconds: lifeSeconds } = body;
    trail.about({ type: "session", id: sessionId });
    const asked = { caller, sessionId, access, reason, lifeSeconds };
    const request = await requestSupport({ ...deps, newId }, asked, trail);
    return json(requestDocument(request, nowMs), { status: 201 });
  });

export const handler = createHandler(supportPorts());
