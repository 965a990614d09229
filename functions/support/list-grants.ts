import * as z from "zod";
import { supportPorts } from "../../lib/aws/support-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import { GrantDocument, grantDocument } from "../../lib/http/support-document.ts";
import { type ListGrantsDeps, listGrants } from "../../lib/support/list-grants.ts";
import { isAgent, type PartiesDeps } from "../../lib/support/parties.ts";

/** Lists grants for both sides: those that a user has given, and those that an agent may look through. */
export const spec = {
  method: "GET",
  route: "/v1/support/grants",
  summary: "List support grants, newest first",
  description:
    "A user's own, all of the tenant's with `session:list`; to a support agent those that were given to them, and those " +
    "that are for any agent.",
  tag: "Support",
  permission: "authenticated",
  action: "support:list",
  forPeople: true,
  query: z.object(PageQuery),
  response: pageOf(GrantDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ListGrantsDeps & PartiesDeps) =>
  endpoint(spec, deps, async ({ caller, query, mayI, position, page, nowMs }) => {
    const { tenantId, userId } = caller;
    const seesAll = mayI({ action: "session:list", resource: { type: "session", id: "*" } });
    const isOfAgent = isAgent(deps, caller);
    const { grants, nextAfterId } = await listGrants(deps, {
      of: isOfAgent ? { agentId: userId } : { tenantId },
      limit: query.limit,
      afterId: await position(),
      isWanted: (grant) => grant.answer === "granted" && (isOfAgent || seesAll || grant.userId === userId),
    });
    return await page(
      grants.map((grant) => grantDocument(grant, nowMs)),
      nextAfterId,
    );
  });

export const handler = createHandler(supportPorts());
