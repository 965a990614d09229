import * as z from "zod";
import { supportPorts } from "../../lib/aws/support-ports.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { noContent } from "../../lib/http/reply.ts";
import type { TenantStore } from "../../lib/identity/tenant-store.ts";
import type { Caller } from "../../lib/session/caller.ts";
import { type EndGrantDeps, endGrant } from "../../lib/support/end-grant.ts";
import { grantRef, isAgent, type PartiesDeps } from "../../lib/support/parties.ts";
import type { GrantStore, SupportGrant } from "../../lib/support/support-grant.ts";

/** Ends a grant at once, and the agent's session with it. Repeating it is harmless. */
export const spec = {
  method: "DELETE",
  route: "/v1/support/grants/{grantId}",
  summary: "End a support grant",
  description:
    "One's own always, those of others of the tenant with `session:revoke`; an agent ends those that were given to them.",
  tag: "Support",
  permission: { decidedBy: "handler", action: "session:revoke" },
  action: "support:end",
  forPeople: true,
  path: z.object({ grantId: Id }),
  response: z.void(),
  successStatus: 204,
} as const satisfies EndpointSpec;

interface EndGrantPorts extends HttpDeps, EndGrantDeps, PartiesDeps {
  readonly grants: Pick<GrantStore, "get" | "getForAgent" | "save">;
  readonly tenants: Pick<TenantStore, "get">;
}

export const createHandler = (deps: EndGrantPorts) =>
  endpoint(spec, deps, async ({ caller, path, trail, mayI, authorise }) => {
    trail.about(grantRef(path));
    const grant = await grantOf(deps, caller, path.grantId);
    if (grant === undefined || grant.answer !== "granted") throw notFound();
    const own = grant.userId === caller.userId || grant.agent?.userId === caller.userId;
    const session = { resource: { type: "session", id: grant.sessionId }, ownerId: grant.userId, own };
    if (!mayI({ ...session, action: "session:read" })) throw notFound();
    authorise({ ...session, action: "session:revoke" });
    const tenant =
      grant.tenantId === caller.tenantId ? caller.tenant : await deps.tenants.get(grant.tenantId);
    const retentionDays = tenant?.policy.activityRetentionDays ?? 0;
    await endGrant(deps, { grant, reason: "revoked", retentionDays, trail });
    return noContent();
  });

async function grantOf(
  deps: EndGrantPorts,
  caller: Caller,
  grantId: string,
): Promise<SupportGrant | undefined> {
  if (!isAgent(deps, caller)) return await deps.grants.get(caller.tenantId, grantId);
  const grant = await deps.grants.getForAgent(caller.userId, grantId);
  // What nobody has taken up is its user's alone to end.
  return grant?.agent === undefined ? undefined : grant;
}

export const handler = createHandler(supportPorts());
