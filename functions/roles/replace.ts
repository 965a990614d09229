import * as z from "zod";
import { replaceRole } from "../../lib/access/change-role.ts";
import type { RoleStore } from "../../lib/access/role-store.ts";
import { platform } from "../../lib/aws/platform.ts";
import { roleTable } from "../../lib/aws/role-table.ts";
import { invalidField } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { RoleContent, RoleDocument, RoleName, roleDocument } from "./role-document.ts";

/** Replaces what a role says. */
export const spec = {
  method: "PUT",
  route: "/v1/roles/{name}",
  summary: "Replace a role's description and statements",
  description:
    "Everybody who has the role is decided by the new statements from their next request on. What is added has to be held by the caller; taking a deny away counts as adding. Built-in roles are not changed (409 `conflict`), and a role keeps its name.",
  tag: "Roles",
  permission: { decidedBy: "handler", action: "role:update" },
  path: z.object({ name: RoleName }),
  body: z.strictObject({ name: RoleName.optional(), ...RoleContent }),
  response: RoleDocument,
  successStatus: 200,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly roles: Pick<RoleStore, "replace"> }) =>
  endpoint(spec, deps, async ({ path, body, caller, trail, authorise, expectedVersion }) => {
    const { name } = path;
    const resource = { type: "role", id: name };
    trail.about(resource);
    authorise({ resource });
    if (body.name !== undefined && body.name !== name) throw invalidField("/name", "must be the role's name");
    const { description, statements } = body;
    const role = await replaceRole(
      deps,
      {
        by: caller,
        tenantId: caller.tenantId,
        name,
        wanted: { description, statements },
        expectedVersion: expectedVersion(),
      },
      trail,
    );
    return json(roleDocument(role), { version: role.version });
  });

export const handler = createHandler({ ...platform(), roles: roleTable() });
