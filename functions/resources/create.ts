import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { type CreateResourceDeps, createResource } from "../../lib/resource/create-resource.ts";
import { originOf } from "../../lib/resource/system-trail.ts";
import { maySee } from "./resource-access.ts";
import { CreateBody, ResourceDocument, resourceDocument } from "./resource-schema.ts";

/** Puts a resource on its way. Needs `<type>:create`. */
export const spec = {
  method: "POST",
  route: "/v1/resources",
  summary: "Create a resource",
  description:
    "The answer is `provisioning`; the resource runs once its provider has made it, or is `failed` with the reason. " +
    "It is attached to the caller's session from the start.",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:create" },
  body: CreateBody,
  response: ResourceDocument,
  etag: true,
  errors: ["not_found", "conflict", "unprocessable"],
  successStatus: 202,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & CreateResourceDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { body, caller, newId, trail } = exchange;
    const { name, tags, ...blueprint } = body;
    const resourceId = newId("res");
    const action = `${blueprint.type}:create`;
    trail.action(action);
    trail.about({ type: blueprint.type, id: resourceId });
    exchange.authorise({ action, resource: { type: blueprint.type, id: "*" }, ownerId: caller.userId, tags });
    const resource = await createResource(deps, {
      ...{ resourceId, name, tags, blueprint, trail },
      tenantId: caller.tenantId,
      ownerId: caller.userId,
      sessionId: caller.session.sessionId,
      origin: originOf(trail),
      maySee: (target) => maySee(exchange, target),
    });
    return json(resourceDocument(resource), {
      status: 202,
      version: resource.revision,
      headers: { location: `/v1/resources/${resource.resourceId}` },
    });
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
