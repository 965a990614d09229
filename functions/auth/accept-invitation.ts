import * as z from "zod";
import { credentialPorts } from "../../lib/aws/sign-in-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { LetterToken } from "../../lib/http/parse.ts";
import { sessionTransport } from "../../lib/http/session-transport.ts";
import { SignedInDocument, signedInReply } from "../../lib/http/signed-in-document.ts";
import { type AcceptInvitationDeps, acceptInvitation } from "../../lib/session/accept-invitation.ts";
import type { IssueTokensDeps } from "../../lib/session/issue-tokens.ts";

/** Accepts an invitation by choosing a password, and signs in. */
export const spec = {
  method: "POST",
  route: "/v1/auth/invitation/accept",
  summary: "Accept an invitation",
  description:
    "Answers as a sign-in does. The token is good once and for 7 days; one that has expired, was used or replaced is 401 `auth.token_invalid`.",
  tag: "Signing in",
  permission: "public",
  action: "auth:invitation-accept",
  body: z.strictObject({ token: LetterToken, password: z.string().min(1) }),
  response: SignedInDocument,
  successStatus: 200,
  errors: ["auth.token_invalid"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & AcceptInvitationDeps & IssueTokensDeps) =>
  endpoint(spec, deps, async ({ body, request, trail, nowMs }) => {
    const transport = sessionTransport(request);
    const outcome = await acceptInvitation(deps, { ...body, place: request }, trail);
    return await signedInReply(deps, outcome, { transport, nowMs });
  });

export const handler = createHandler(credentialPorts());
