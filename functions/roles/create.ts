import * as z from "zod";
import { createRole } from "../../lib/access/create-role.ts";
import type { RoleStore } from "../../lib/access/role-store.ts";
import { platform } from "../../lib/aws/platform.ts";
import { roleTable } from "../../lib/aws/role-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { RoleContent, RoleDocument, RoleName, roleDocument } from "./role-document.ts";

/** Makes a role of the tenant's own. */
export const spec = {
  method: "POST",
  route: "/v1/roles",
  summary: "Make a role",
  description:
    "A role gives at most what its maker holds (403 `access.denied` otherwise). No statement allows: denied; any deny wins, also over the statements of other roles. In patterns `*` matches any run of characters; resources are `type/id`.",
  tag: "Roles",
  permission: { decidedBy: "handler", action: "role:create" },
  body: z.strictObject({ name: RoleName, ...RoleContent }),
  response: RoleDocument,
  successStatus: 201,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly roles: Pick<RoleStore, "add"> }) =>
  endpoint(spec, deps, async ({ body, caller, trail, authorise }) => {
    const resource = { type: "role", id: body.name };
    trail.about(resource);
    authorise({ resource });
    const role = await createRole(deps, { by: caller, tenantId: caller.tenantId, role: body }, trail);
    return json(roleDocument(role), { status: 201, version: role.version });
  });

export const handler = createHandler({ ...platform(), roles: roleTable() });
