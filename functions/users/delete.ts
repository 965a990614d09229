import * as z from "zod";
import { identityPorts } from "../../lib/aws/identity-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { noContent } from "../../lib/http/reply.ts";
import { type DeleteUserDeps, deleteUser } from "../../lib/identity/delete-user.ts";
import { findUser } from "../../lib/identity/find-user.ts";
import type { UserStore } from "../../lib/identity/user-store.ts";

/** Removes a user. */
export const spec = {
  method: "DELETE",
  route: "/v1/users/{userId}",
  summary: "Remove a user",
  description:
    "All sessions end, and the address is free again; what the user did stays on record. The last owner who can sign in is not removed (409 `conflict`).",
  tag: "Users",
  permission: { decidedBy: "handler", action: "user:delete" },
  path: z.object({ userId: Id }),
  response: z.void(),
  successStatus: 204,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

/** What the endpoint needs. */
export interface DeleteUserEndpointDeps extends HttpDeps, Omit<DeleteUserDeps, "users"> {
  readonly users: Pick<UserStore, "get" | "remove">;
}

export const createHandler = (deps: DeleteUserEndpointDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { caller, path, trail } = exchange;
    const user = { type: "user", id: path.userId };
    await deleteUser(
      deps,
      {
        by: caller,
        tenant: caller.tenant,
        userId: path.userId,
        mayRemove: () => exchange.mayI({ action: "user:delete", resource: user, ownerId: path.userId }),
        find: () => findUser(deps, exchange, path),
        expectedVersion: exchange.expectedVersion(),
      },
      trail,
    );
    return noContent();
  });

export const handler = createHandler(identityPorts());
