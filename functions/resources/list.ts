import * as z from "zod";
import { couldAllow } from "../../lib/access/decide.ts";
import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id, PageQuery, pageOf } from "../../lib/http/parse.ts";
import type { AdvanceDeps } from "../../lib/resource/advance-resource.ts";
import { listResources } from "../../lib/resource/list-resources.ts";
import { RESOURCE_TYPES } from "../../lib/resource/resource.ts";
import { accessOf } from "./resource-access.ts";
import { ResourceDocument, resourceDocument, StateName, TypeName } from "./resource-schema.ts";

/** Lists the resources of the tenant that the caller may list, newest first. Needs `<type>:list`. */
export const spec = {
  method: "GET",
  route: "/v1/resources",
  summary: "List resources, newest first",
  description: "Deleted resources are on the list of `?state=deleted` alone, for 90 days.",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:list" },
  forSupport: true,
  query: z.object({
    ...PageQuery,
    type: TypeName.exactOptional(),
    state: StateName.exactOptional(),
    sessionId: Id.exactOptional().meta({ description: "Those that this session holds now." }),
  }),
  response: pageOf(ResourceDocument),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & AdvanceDeps) =>
  endpoint(spec, deps, async ({ caller, query, authorise, mayI, position, page }) => {
    const { type, state, limit } = query;
    const sessionId = query.sessionId ?? caller.session.support?.watchedSessionId;
    const types = type === undefined ? RESOURCE_TYPES : [type];
    // The gate: something of it may be listed. What of it is then decided for each by itself.
    const listable = types.find((name) => couldAllow(caller.policy, `${name}:list`));
    authorise({
      action: `${listable ?? types[0]}:list`,
      resource: "*",
      own: listable !== undefined,
      ...(sessionId === undefined ? {} : { sessionIds: [sessionId] }),
    });
    const afterId = await position();
    const { resources, nextAfterId } = await listResources(deps, {
      query: {
        tenantId: caller.tenantId,
        limit,
        ...(type === undefined ? {} : { type }),
        ...(state === undefined ? {} : { state }),
        ...(sessionId === undefined ? {} : { sessionId }),
        ...(afterId === undefined ? {} : { afterId }),
      },
      maySee: (resource) => mayI({ ...accessOf(resource), action: `${resource.blueprint.type}:list` }),
    });
    return await page(resources.map(resourceDocument), nextAfterId);
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
