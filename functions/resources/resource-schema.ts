import * as z from "zod";
import { Id } from "../../lib/http/parse.ts";
import { RESOURCE_TYPES, type Resource } from "../../lib/resource/resource.ts";
import { toRfc3339 } from "../../lib/time.ts";

/** Text of so many characters (code points), as JSON Schema counts them too. */
function characters(min: number, max: number) {
  const message = `must have ${min} to ${max} characters`;
  return z
    .string()
    .refine(
      (text) => text.length >= min && text.length <= 2 * max && isWithin([...text].length, min, max),
      message,
    )
    .meta({ minLength: min, maxLength: max });
}

const Name = characters(1, 128);

const TAGS_MAX = 50;

const Tags = z
  .record(characters(1, 128), characters(0, 256))
  .refine((tags) => Object.keys(tags).length <= TAGS_MAX, `must have at most ${TAGS_MAX} members`);

const Vcpus = z.int().min(1).max(1024);
const MemoryGiB = z.number().min(0.25).max(32_768).multipleOf(0.25);
const DiskGiB = z.int().min(1).max(65_536);
const Count = z.int().min(0).max(1000);

const Targets = z
  .array(Id)
  .max(50)
  .refine((targets) => new Set(targets).size === targets.length, "must not name a target twice");

const VmSpecInput = z.strictObject({ vcpus: Vcpus, memoryGiB: MemoryGiB, image: characters(1, 256) });
const VolumeSpecInput = z.strictObject({ sizeGiB: DiskGiB });
const DatabaseSpecInput = z.strictObject({
  engine: characters(1, 64),
  vcpus: Vcpus,
  memoryGiB: MemoryGiB,
  storageGiB: DiskGiB,
});
const LoadBalancerSpecInput = z.strictObject({ targets: Targets });
const GroupSpecInput = z.strictObject({ template: VmSpecInput, desired: Count, min: Count, max: Count });

const described = { name: Name, tags: Tags.default({}) };

/** The body of `POST /v1/resources`: what it is decides what it is measured by. */
export const CreateBody = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("vm"), spec: VmSpecInput, ...described }),
  z.strictObject({ type: z.literal("volume"), spec: VolumeSpecInput, ...described }),
  z.strictObject({ type: z.literal("database"), spec: DatabaseSpecInput, ...described }),
  z.strictObject({ type: z.literal("load_balancer"), spec: LoadBalancerSpecInput, ...described }),
  z.strictObject({
    type: z.literal("instance_group"),
    spec: GroupSpecInput.refine(({ min, desired, max }) => min <= desired && desired <= max, {
      path: ["desired"],
      message: "must lie from min to max",
    }),
    ...described,
  }),
]);

/** Which members of a spec can be changed, by type. */
export const SpecPatchInput = {
  vm: VmSpecInput.exactPartial(),
  volume: VolumeSpecInput.exactPartial(),
  database: DatabaseSpecInput.exactPartial(),
  load_balancer: LoadBalancerSpecInput.exactPartial(),
  instance_group: GroupSpecInput.exactPartial(),
} as const;

/** The body of `PATCH /v1/resources/{id}`. The spec is held to its type once that is known. */
export const UpdateBody = z.strictObject({
  name: Name.exactOptional(),
  tags: Tags.exactOptional(),
  spec: z
    .record(z.string(), z.unknown())
    .exactOptional()
    .meta({ description: "The members of the resource's spec that are to change." }),
});

/** The path of everything about one resource. */
export const ResourcePath = z.object({ resourceId: Id });

/** The type of a resource. */
export const TypeName = z.enum(RESOURCE_TYPES);

/** The state of a resource. */
export const StateName = z.enum(["provisioning", "running", "stopped", "failed", "deleted"]);

const common = {
  id: z.string(),
  name: z.string(),
  state: StateName,
  failure: z
    .object({ code: z.string(), message: z.string(), at: z.iso.datetime() })
    .optional()
    .meta({ description: "Why it failed, or why the last operation was undone." }),
  pending: z
    .object({ operation: z.string(), since: z.iso.datetime() })
    .optional()
    .meta({ description: "The operation that the provider is at work on. It locks the resource." }),
  ownerId: z.string(),
  ownerSessionId: z.string(),
  attachedSessions: z.array(z.string()).meta({
    description: "The sessions that hold it, the first attached first. That one is metered for it.",
  }),
  volumes: z.array(z.string()).optional(),
  usedBy: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  provider: z.enum(["local", "aws"]),
  providerId: z.string().optional(),
};

/** A resource as the API shows it (contract section 7). */
export const ResourceDocument = z
  .discriminatedUnion("type", [
    z.object({ type: z.literal("vm"), spec: VmSpecInput, ...common }),
    z.object({ type: z.literal("volume"), spec: VolumeSpecInput, ...common }),
    z.object({ type: z.literal("database"), spec: DatabaseSpecInput, ...common }),
    z.object({ type: z.literal("load_balancer"), spec: LoadBalancerSpecInput, ...common }),
    z.object({ type: z.literal("instance_group"), spec: GroupSpecInput, ...common }),
  ])
  .meta({ id: "Resource" });

/** Shows a resource. */
export function resourceDocument(resource: Resource) {
  const { failure, pending, blueprint, providerId } = resource;
  return {
    id: resource.resourceId,
    name: resource.name,
    ...blueprint,
    state: resource.state,
    ...(failure === undefined
      ? {}
      : { failure: { code: failure.code, message: failure.message, at: toRfc3339(failure.atMs) } }),
    ...(pending === undefined
      ? {}
      : { pending: { operation: pending.operation.kind, since: toRfc3339(pending.sinceMs) } }),
    ownerId: resource.ownerId,
    ownerSessionId: resource.ownerSessionId,
    attachedSessions: resource.holders.map((holder) => holder.sessionId),
    ...(blueprint.type === "vm" ? { volumes: resource.volumeIds } : {}),
    usedBy: resource.usedBy,
    tags: resource.tags,
    createdAt: toRfc3339(resource.createdAtMs),
    updatedAt: toRfc3339(resource.updatedAtMs),
    provider: resource.provider,
    ...(providerId === undefined ? {} : { providerId }),
  };
}

function isWithin(count: number, min: number, max: number): boolean {
  return count >= min && count <= max;
}
