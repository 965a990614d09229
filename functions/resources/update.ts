import type * as z from "zod";
import { platform } from "../../lib/aws/platform.ts";
import { resourcePorts } from "../../lib/aws/resource-ports.ts";
import { assertNever } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { parseWith } from "../../lib/http/parse.ts";
import { json } from "../../lib/http/reply.ts";
import type { ChangeDeps } from "../../lib/resource/change-resource.ts";
import type { Resource, ResourceType } from "../../lib/resource/resource.ts";
import { type SpecPatch, updateResource } from "../../lib/resource/update-resource.ts";
import { changeOf, maySee, permitter } from "./resource-access.ts";
import {
  ResourceDocument,
  ResourcePath,
  resourceDocument,
  SpecPatchInput,
  UpdateBody,
} from "./resource-schema.ts";

/** Renames, tags, resizes and scales. Needs `<type>:update`; for the size of a group `instance_group:scale`. */
export const spec = {
  method: "PATCH",
  route: "/v1/resources/{resourceId}",
  summary: "Change a resource",
  description:
    "What is left out stays; `tags` are replaced as a whole. A volume, and the storage of a database, does not shrink.",
  tag: "Resources",
  permission: { decidedBy: "handler", action: "resource:update" },
  path: ResourcePath,
  body: UpdateBody,
  response: ResourceDocument,
  etag: true,
  errors: ["conflict", "unprocessable"],
  successStatus: 200,
} as const satisfies EndpointSpec;

type Body = z.output<typeof UpdateBody>;

export const createHandler = (deps: HttpDeps & ChangeDeps) =>
  endpoint(spec, deps, async (exchange) => {
    const { name, tags, spec: members } = exchange.body;
    const resource = await updateResource(deps, {
      ...changeOf(exchange, "update"),
      permit: (found) => {
        for (const verb of verbsFor(found, exchange.body)) permitter(exchange, verb)(found);
      },
      maySee: (target) => maySee(exchange, target),
      patch: {
        ...(name === undefined ? {} : { name }),
        ...(tags === undefined ? {} : { tags }),
        ...(members === undefined ? {} : { spec: (type) => specPatch(type, members) }),
      },
    });
    return json(resourceDocument(resource), { version: resource.revision });
  });

/** The size of a group is scaled; everything else is updated. The last one names the record. */
function verbsFor({ blueprint }: Resource, { name, tags, spec: members = {} }: Body): readonly string[] {
  const { desired, ...others } =
    blueprint.type === "instance_group" ? members : { ...members, desired: undefined };
  if (desired === undefined) return ["update"];
  const isMore = name !== undefined || tags !== undefined || Object.keys(others).length > 0;
  return isMore ? ["scale", "update"] : ["scale"];
}

function specPatch(type: ResourceType, members: NonNullable<Body["spec"]>): SpecPatch {
  const read = <S extends z.ZodType>(schema: S) => parseWith(schema, members, "/spec");
  switch (type) {
    case "vm":
      return { type, spec: read(SpecPatchInput.vm) };
    case "volume":
      return { type, spec: read(SpecPatchInput.volume) };
    case "database":
      return { type, spec: read(SpecPatchInput.database) };
    case "load_balancer":
      return { type, spec: read(SpecPatchInput.load_balancer) };
    case "instance_group":
      return { type, spec: read(SpecPatchInput.instance_group) };
    default:
      return assertNever(type);
  }
}

export const handler = createHandler({ ...platform(), ...resourcePorts() });
