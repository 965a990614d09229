import * as z from "zod";
import { supportPorts } from "../../lib/aws/support-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import { RequestDocument, requestDocument } from "../../lib/http/support-document.ts";
import { type ListGrantsDeps, listGrants } from "../../lib/support/list-grants.ts";
import { isAgent, type PartiesDeps } from "../../lib/support/parties.ts";

/** Lists the requests that a user was asked, or that an agent has made. */
export const spec = {
  method: "GET",
  route: "/v1/support/requests",
  summary: "List requests for support, newest first",
  tag: "Support",
  permission: "authenticated",
  action: "support:list",
  forPeople: true,
  query: z.object(PageQuery),
  response: pageOf(RequestDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ListGrantsDeps & PartiesDeps) =>
  endpoint(spec, deps, async ({ caller, query, position, page, nowMs }) => {
    const { tenantId, userId } = caller;
    const { grants, nextAfterId } = await listGrants(deps, {
      of: isAgent(deps, caller) ? { agentId: userId } : { tenantId },
      limit: query.limit,
      afterId: await position(),
      isWanted: ({ origin, agent, userId: askedId }) =>
        origin === "agent" && (askedId === userId || agent?.userId === userId),
    });
    return await page(
      grants.map((grant) => requestDocument(grant, nowMs)),
      nextAfterId,
    );
  });

export const handler = createHandler(supportPorts());
