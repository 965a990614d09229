import * as z from "zod";
import { supportPorts } from "../../lib/aws/support-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { GrantDocument, grantDocument } from "../../lib/http/support-document.ts";
import { type AnswerRequestDeps, approveRequest } from "../../lib/support/answer-request.ts";

/** Lets the agent look who has asked for it. */
export const spec = {
  method: "POST",
  route: "/v1/support/requests/{requestId}/approve",
  summary: "Approve an agent's request",
  description: "The request becomes the grant, under the same id, and its time begins now.",
  tag: "Support",
  permission: { decidedBy: "handler", action: "support:grant" },
  forPeople: true,
  path: z.object({ requestId: Id }),
  body: z.strictObject({}),
  bodyOptional: true,
  response: GrantDocument,
  successStatus: 200,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & AnswerRequestDeps) =>
  endpoint(spec, deps, async ({ caller, path, trail, authorise, nowMs }) => {
    const asked = {
      caller,
      requestId: path.requestId,
      permit: ({ sessionId, userId: ownerId }: { readonly sessionId: string; readonly userId: string }) =>
        authorise({ resource: { type: "session", id: sessionId }, ownerId }),
    };
    return json(grantDocument(await approveRequest(deps, asked, trail), nowMs));
  });

export const handler = createHandler(supportPorts());
