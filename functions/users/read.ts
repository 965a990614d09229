import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { userTable } from "../../lib/aws/user-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { findUser } from "../../lib/identity/find-user.ts";
import type { UserStore } from "../../lib/identity/user-store.ts";
import { UserDocument, userDocument } from "./user-document.ts";

/** Shows a user: oneself always, others with `user:read`. */
export const spec = {
  method: "GET",
  route: "/v1/users/{userId}",
  summary: "Read a user",
  tag: "Users",
  permission: { decidedBy: "handler", action: "user:read" },
  path: z.object({ userId: Id }),
  response: UserDocument,
  successStatus: 200,
  etag: true,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly users: Pick<UserStore, "get"> }) =>
  endpoint(spec, deps, async (exchange) => {
    const user = await findUser(deps, exchange, { userId: exchange.path.userId, isOwnRight: true });
    return json(userDocument(user), { version: user.version });
  });

export const handler = createHandler({ ...platform(), users: userTable() });
