import * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { Id } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import { attachVolume } from "../../lib/resource/attach-volume.ts";
import type { ChangeDeps } from "../../lib/resource/change-resource.ts";
import { changeOf, permitBeside } from "./resource-access.ts";
import { ResourceDocument, ResourcePath, resourceDocument } from "./resource-schema.ts";

/** Attaches a volume to a machine. Needs `vm:attach-volume` on the machine and `volume:attach-volume` on the volume. */
export const spec = {
  method: "POST",
  route: "/v1/resources/{resourceId}/attach-volume",
  summary: "Attach a volume to a machine",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:attach-volume" },
  path: ResourcePath,
  body: z.strictObject({ volumeId: Id }),
  response: ResourceDocument,
  etag: true,
  errors: ["conflict", "unprocessable"],
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & ChangeDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const resource = await attachVolume(deps, {
      ...changeOf(exchange, "attach-volume"),
      volumeId: exchange.body.volumeId,
      permitVolume: (volume) => permitBeside(exchange, volume, `${volume.blueprint.type}:attach-volume`),
    });
    return json(resourceDocument(resource), { version: resource.revision });
  });

export const handler = createHandler({ ...platform(), ...resourcePorts() });
