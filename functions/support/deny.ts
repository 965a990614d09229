import * as z from "zod";
import { supportPorts } from "../../lib/aws/support-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { RequestDocument, requestDocument } from "../../lib/http/support-document.ts";
import { type AnswerRequestDeps, denyRequest } from "../../lib/support/answer-request.ts";

/** Refuses an agent the look. It needs no role and no second factor: it is about one's own session. */
export const spec = {
  method: "POST",
  route: "/v1/support/requests/{requestId}/deny",
  summary: "Deny an agent's request",
  tag: "Support",
  permission: "authenticated",
  action: "support:deny",
  forPeople: true,
  path: z.object({ requestId: Id }),
  body: z.strictObject({}),
  bodyOptional: true,
  response: RequestDocument,
  successStatus: 200,
  errors: ["not_found", "conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & AnswerRequestDeps) =>
  endpoint(spec, deps, async ({ caller, path, trail, nowMs }) => {
    const asked = { caller, requestId: path.requestId, permit: () => undefined };
    return json(requestDocument(await denyRequest(deps, asked, trail), nowMs));
  });

export const handler = createHandler(supportPorts());
