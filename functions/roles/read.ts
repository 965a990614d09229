import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { RoleDocument, RoleName, roleDocument } from "./role-document.ts";

/** Shows a role. */
export const spec = {
  method: "GET",
  route: "/v1/roles/{name}",
  summary: "Read a role",
  tag: "Roles",
  permission: { decidedBy: "handler", action: "role:read" },
  path: z.object({ name: RoleName }),
  response: RoleDocument,
  successStatus: 200,
  etag: true,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps) =>
  endpoint(spec, deps, async ({ caller, path, trail, authorise }) => {
    const resource = { type: "role", id: path.name };
    trail.about(resource);
    authorise({ resource });
    const role = caller.roleBook.find(path.name);
    if (role === undefined) throw notFound();
    return json(roleDocument(role), { version: role.version });
  });

export const handler = createHandler(platform());
