import { ATTO_DECIMALS, ATTO_PER_UNIT, type Atto, parseDecimal } from "../decimal.ts";
import { assertNever } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { GaugeReading } from "../usage/usage.ts";
import type { Resource } from "./resource.ts";

/** The `source` of the usage events that the platform itself makes. */
export const METERING_SOURCE = "active-session";

/** The gauges that resources have (contract section 9): vCPUs, GiB of memory, GiB of storage. */
type ResourceMeter = "cpu" | "memory" | "storage";

type Levels = Readonly<Record<ResourceMeter, Atto>>;

const NOTHING: Levels = { cpu: 0n, memory: 0n, storage: 0n };

/**
 * What a resource counts for at this moment. Machines count while they run; storage counts while it exists, so that a
 * stopped database still has its disk.
 */
function levelsOf({ blueprint, state }: Pick<Resource, "blueprint" | "state">): Levels {
  const runs = state === "running";
  const exists = runs || state === "stopped";
  switch (blueprint.type) {
    case "vm":
      return runs ? machines(blueprint.spec, 1) : NOTHING;
    case "volume":
      return exists ? { ...NOTHING, storage: atto(blueprint.spec.sizeGiB) } : NOTHING;
    case "database":
      return {
        ...(runs ? machines(blueprint.spec, 1) : NOTHING),
        storage: exists ? atto(blueprint.spec.storageGiB) : 0n,
      };
    case "instance_group":
      return runs ? machines(blueprint.spec.template, blueprint.spec.desired) : NOTHING;
    case "load_balancer":
      return NOTHING;
    default:
      return assertNever(blueprint);
  }
}

/**
 * The readings that a change makes: one for each level that is another than before. Their ids follow from the
 * resource's version, so that of two at one instant the later one has the greater id, and holds.
 */
export function readingsBetween(
  before: Resource | undefined,
  after: Resource,
  atMs: EpochMs,
): readonly GaugeReading[] {
  const was = before === undefined ? NOTHING : levelsOf(before);
  const is = levelsOf(after);
  return (["cpu", "memory", "storage"] as const)
    .filter((meter) => was[meter] !== is[meter])
    .map((meter) => ({
      id: `${after.resourceId}.${String(after.version).padStart(9, "0")}.${meter}`,
      resourceId: after.resourceId,
      meter,
      atMs,
      level: is[meter],
    }));
}

function machines({ vcpus, memoryGiB }: { vcpus: number; memoryGiB: number }, count: number): Levels {
  return { cpu: BigInt(vcpus * count) * ATTO_PER_UNIT, memory: atto(memoryGiB) * BigInt(count), storage: 0n };
}

function atto(gib: number): Atto {
  const value = parseDecimal(String(gib), ATTO_DECIMALS);
  if (value === undefined) throw new Error(`${gib} is not a plain decimal.`);
  return value;
}
