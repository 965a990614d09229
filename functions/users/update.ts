import * as z from "zod";
import { identityPorts } from "../../lib/aws/identity-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Email, Name } from "../../lib/http/name.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { findUser } from "../../lib/identity/find-user.ts";
import { type UpdateUserDeps, updateUser } from "../../lib/identity/update-user.ts";
import type { UserStore } from "../../lib/identity/user-store.ts";
import { RoleNames, UserDocument, userDocument } from "./user-document.ts";

/** Changes a user. */
export const spec = {
  method: "PATCH",
  route: "/v1/users/{userId}",
  summary: "Change a user's address, name or roles, or disable the user",
  description:
    "What is left out stays. Roles count from the user's next request on, and only those can be given whose permissions the caller holds; a new address can be given to whom the caller could give all of their roles. Disabling ends all sessions (`user_disabled`). Owners are changed by owners, and the last one who can sign in stays one (409 `conflict`).",
  tag: "Users",
  permission: { decidedBy: "handler", action: "user:update" },
  path: z.object({ userId: Id }),
  body: z.strictObject({
    email: Email.optional(),
    name: Name.optional(),
    roles: RoleNames.optional(),
    disabled: z.boolean().optional(),
  }),
  response: UserDocument,
  successStatus: 200,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

/** What the endpoint needs. */
export interface UpdateUserEndpointDeps extends HttpDeps, Omit<UpdateUserDeps, "now" | "users"> {
  readonly users: Pick<UserStore, "get" | "change">;
}

export const createHandler = (deps: UpdateUserEndpointDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { body, caller, path, trail } = exchange;
    const user = await updateUser(
      deps,
      {
        by: caller,
        tenant: caller.tenant,
        find: () => findUser(deps, exchange, path),
        patch: body,
        expectedVersion: exchange.expectedVersion(),
      },
      trail,
    );
    return json(userDocument(user), { version: user.version });
  });

export const handler = createHandler(identityPorts());
