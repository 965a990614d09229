import * as z from "zod";
import { deleteRole } from "../../lib/access/change-role.ts";
import type { RoleStore } from "../../lib/access/role-store.ts";
import { platform } from "../../lib/aws/platform.ts";
import { roleTable } from "../../lib/aws/role-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { noContent } from "../../lib/http/reply.ts";
import { RoleName } from "./role-document.ts";

/** Deletes a role that nobody has. */
export const spec = {
  method: "DELETE",
  route: "/v1/roles/{name}",
  summary: "Delete a role",
  description: "Built-in roles and roles in use are not deleted (409 `conflict`).",
  tag: "Roles",
  permission: { decidedBy: "handler", action: "role:delete" },
  path: z.object({ name: RoleName }),
  response: z.void(),
  successStatus: 204,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly roles: Pick<RoleStore, "remove"> }) =>
  endpoint(spec, deps, async ({ path, caller, trail, authorise, expectedVersion }) => {
    const { name } = path;
    const resource = { type: "role", id: name };
    trail.about(resource);
    authorise({ resource });
    await deleteRole(
      deps,
      { by: caller, tenantId: caller.tenantId, name, expectedVersion: expectedVersion() },
      trail,
    );
    return noContent();
  });

export const handler = createHandler({ ...platform(), roles: roleTable() });
