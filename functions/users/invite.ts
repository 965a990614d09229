import * as z from "zod";
import { identityPorts } from "../../lib/aws/identity-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { noContent } from "../../lib/http/reply.ts";
import { findUser } from "../../lib/identity/find-user.ts";
import { inviteUser } from "../../lib/identity/invite-user.ts";
import type { UpdateUserDeps } from "../../lib/identity/update-user.ts";
import type { UserStore } from "../../lib/identity/user-store.ts";

/** Invites a user again whose invitation was lost or has expired. */
export const spec = {
  method: "POST",
  route: "/v1/users/{userId}/invitation",
  summary: "Invite a user again who has not accepted yet",
  description:
    "The letter before is void from then on. 409 `conflict` for a user who has a password already.",
  tag: "Users",
  permission: { decidedBy: "handler", action: "user:update" },
  path: z.object({ userId: Id }),
  response: z.void(),
  successStatus: 204,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

/** What the endpoint needs. */
export interface InviteUserDeps extends HttpDeps, Omit<UpdateUserDeps, "now" | "users"> {
  readonly users: Pick<UserStore, "get" | "change">;
}

export const createHandler = (deps: InviteUserDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, trail } = exchange;
    const find = () => findUser(deps, exchange, path);
    await inviteUser(deps, { by: caller, tenant: caller.tenant, find }, trail);
    return noContent();
  });

export const handler = createHandler(identityPorts());
