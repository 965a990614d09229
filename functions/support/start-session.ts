import * as z from "zod";
import { supportPorts } from "../../lib/aws/support-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { sessionTransport } from "../../lib/http/session-transport.ts";
import { TokensDocument, tokensReply } from "../../lib/http/tokens-document.ts";
import type { IssueTokensDeps } from "../../lib/session/issue-tokens.ts";
import type { Device } from "../../lib/session/session.ts";
import {
  type StartSupportSessionDeps,
  startSupportSession,
} from "../../lib/support/start-support-session.ts";

/** Gives an agent the session by which they look at a user's. */
export const spec = {
  method: "POST",
  route: "/v1/support/sessions",
  summary: "Begin to look through a grant",
  description:
    "For support agents. The tokens are of the user's tenant, with the agent as `act` (RFC 8693): they read the session that " +
    "was granted (`GET /v1/sessions/{sessionId}`, its `/activity`, `/metrics` and `/guidance`, `/v1/activity`, " +
    "`/v1/resources`) without secrets, and nothing else of the tenant, and end with the grant. A grant has one such session " +
    "at a time: a further one ends the one before.",
  tag: "Support",
  permission: "authenticated",
  action: "support:view",
  forPeople: true,
  body: z.strictObject({ grantId: Id }),
  response: TokensDocument,
  successStatus: 201,
  errors: ["access.denied", "not_found"],
} as const satisfies EndpointSpec;

interface StartSessionPorts extends HttpDeps, StartSupportSessionDeps, IssueTokensDeps {
  readonly tokens: HttpDeps["tokens"] & IssueTokensDeps["tokens"];
  readonly refreshTokens: HttpDeps["refreshTokens"] & IssueTokensDeps["refreshTokens"];
  readonly newId: HttpDeps["newId"];
  readonly describeDevice: (userAgent: string, name: string | undefined) => Device;
}

export const createHandler = (deps: StartSessionPorts) =>
  endpoint(spec, deps, async ({ body, caller, request, trail, newId, nowMs }) => {
    const transport = sessionTransport(request);
    const { ip, userAgent } = request;
    const device = deps.describeDevice(userAgent, undefined);
    const start = { caller, grantId: body.grantId, device, ip, userAgent };
    const { session, tenant } = await startSupportSession({ ...deps, newId }, start, trail);
    return { ...(await tokensReply(deps, { session, tenant, transport, nowMs })), status: 201 };
  });

export const handler = createHandler(supportPorts());
