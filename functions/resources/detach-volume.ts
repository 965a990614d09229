import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import type { ChangeDeps } from "../../lib/resource/change-resource.ts";
import { detachVolume } from "../../lib/resource/detach-volume.ts";
import { changeOf, permitBeside } from "./resource-access.ts";
import { ResourceDocument, ResourcePath, resourceDocument } from "./resource-schema.ts";

/** Detaches a volume from its machine. Needs `vm:detach-volume` on the machine and `volume:detach-volume` on the volume. */
export const spec = {
  method: "POST",
  route: "/v1/resources/{resourceId}/detach-volume",
  summary: "Detach a volume from its machine",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:detach-volume" },
  path: ResourcePath,
  body: z.strictObject({ volumeId: Id }),
  response: ResourceDocument,
  etag: true,
  errors: ["conflict", "unprocessable"],
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ChangeDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const resource = await detachVolume(deps, {
      ...changeOf(exchange, "detach-volume"),
      volumeId: exchange.body.volumeId,
      permitVolume: (volume) => permitBeside(exchange, volume, `${volume.blueprint.type}:detach-volume`),
    });
    return json(resourceDocument(resource), { version: resource.revision });
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
