import * as z from "zod";
import { supportPorts } from "../../lib/aws/support-ports.ts";
import { AppError } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Email } from "../../lib/http/name.ts";
import { SessionId } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { GrantDocument, grantDocument, TermsSchema } from "../../lib/http/support-document.ts";
import { type FindSessionDeps, findSession } from "../../lib/session/find-session.ts";
import { type GrantSupportDeps, grantSupport } from "../../lib/support/grant-support.ts";

/** Lets a support agent look at one of the caller's own sessions. */
export const spec = {
  method: "POST",
  route: "/v1/support/grants",
  summary: "Let a support agent look at one of your sessions",
  description:
    "For a while, at most four hours, and until you end it. Without `agentEmail` it is for the agent who comes first. With " +
    "`guide` the agent can also talk to you (`/v1/sessions/{sessionId}/guidance`). An agent sees the session, its " +
    "activity, metrics and resources without secrets, and changes nothing; each look is on record under both names.",
  tag: "Support",
  permission: { decidedBy: "handler", action: "support:grant" },
  forPeople: true,
  body: z.strictObject({
    agentEmail: Email.optional(),
    sessionId: SessionId.describe("`current` stands for the caller's"),
    ...TermsSchema,
  }),
  response: GrantDocument,
  successStatus: 201,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & FindSessionDeps & GrantSupportDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { body, caller, trail, newId, nowMs, authorise } = exchange;
    const { sessionId, agentEmail, access, reason, expiresInSeconds: lifeSeconds } = body;
    const session = await findSession(
      deps,
      // The role is asked for one's own as well: not everybody may let others in.
      { ...exchange, authorise: ({ own: _not, ...asked }) => authorise(asked) },
      sessionId,
    );
    if (session.userId !== caller.userId || session.kind === "support") {
      throw new AppError("access.denied", "Only the user of a session lets an agent look at it.");
    }
    const asked = { caller, session, agentEmail, access, reason, lifeSeconds };
    const grant = await grantSupport({ ...deps, newId }, asked, trail);
    return json(grantDocument(grant, nowMs), { status: 201 });
  });

export const handler = createHandler(supportPorts());
