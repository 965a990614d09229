import * as z from "zod";
import { identityPorts } from "../../lib/aws/identity-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Email, Name } from "../../lib/http/name.ts";
import { json } from "../../lib/http/reply.ts";
import { type CreateTenantDeps, createTenant } from "../../lib/identity/create-tenant.ts";
import { TenantDocument, tenantDocument } from "./tenant-document.ts";

/** Makes a tenant with its first owner. */
export const spec = {
  method: "POST",
  route: "/v1/tenants",
  summary: "Make a tenant with its first owner",
  description:
    "Without a `password` the owner gets an invitation by mail, which is good once and for 7 days.",
  tag: "Tenants",
  permission: { operator: "tenant:create" },
  body: z.strictObject({
    name: Name,
    owner: z.strictObject({
      email: Email,
      name: Name.optional(),
      password: z.string().min(1).max(1024).optional(),
    }),
  }),
  response: TenantDocument.extend({
    owner: z.object({ id: z.string(), email: z.string(), status: z.enum(["invited", "active"]) }),
  }),
  successStatus: 201,
  etag: true,
  errors: ["conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & CreateTenantDeps) =>
  endpoint(spec, deps, async ({ body, trail, newId }) => {
    const tenantId = newId("ten");
    trail.about({ type: "tenant", id: tenantId });
    const { email, name = localPart(email), password } = body.owner;
    const { tenant, owner } = await createTenant(
      deps,
      { tenantId, name: body.name, owner: { userId: newId("usr"), email, name, password } },
      trail,
    );
    return json(
      { ...tenantDocument(tenant), owner: { id: owner.userId, email: owner.email, status: owner.status } },
      { status: 201, version: tenant.version },
    );
  });

function localPart(email: string): string {
  return email.slice(0, email.indexOf("@"));
}

export const handler = createHandler(identityPorts());
