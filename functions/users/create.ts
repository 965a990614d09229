import * as z from "zod";
import { identityPorts } from "../../lib/aws/identity-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Email, Name } from "../../lib/http/name.ts";
import { json } from "../../lib/http/reply.ts";
import { type CreateUserDeps, createUser } from "../../lib/identity/create-user.ts";
import { RoleNames, UserDocument, userDocument } from "./user-document.ts";

/** Makes a user of the caller's tenant. */
export const spec = {
  method: "POST",
  route: "/v1/users",
  summary: "Make a user, or invite one",
  description:
    "Only roles whose permissions the caller holds can be given. Without a `password` an invitation goes out by mail, which is good once and for 7 days. A password has 15 to 128 characters, from 8 on where the tenant demands a second factor. `name` is the address's local part where it is left out.",
  tag: "Users",
  permission: "user:create",
  body: z.strictObject({
    email: Email,
    name: Name.optional(),
    password: z.string().min(1).max(1024).optional(),
    roles: RoleNames,
    disabled: z.boolean().default(false),
  }),
  response: UserDocument,
  successStatus: 201,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & CreateUserDeps) =>
  endpoint(spec, deps, async ({ body, caller, trail, newId }) => {
    const { email, name = email.slice(0, email.indexOf("@")), password, roles, disabled } = body;
    const userId = newId("usr");
    trail.about({ type: "user", id: userId });
    const user = await createUser(
      deps,
      { by: caller, tenant: caller.tenant, userId, email, name, password, roles, disabled },
      trail,
    );
    return json(userDocument(user), { status: 201, version: user.version });
  });

export const handler = createHandler(identityPorts());
