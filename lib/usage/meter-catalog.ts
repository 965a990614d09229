import type { Aggregation, Meters } from "./usage.ts";

/** A meter as it is shown and metered. */
export interface MeterDefinition {
  readonly aggregation: Aggregation;
  /** What its quantity is shown in, such as `vCPU-hour`. */
  readonly unit: string;
}

/** The meters that are known, by name. */
export type MeterDefinitions = ReadonlyMap<string, MeterDefinition>;

/** Tells the meters of this deployment: those that are built in, and those that a rate card has added. */
export interface MeterCatalog {
  definitions(): Promise<MeterDefinitions>;
}

/** The meters of every deployment, with their units (contract section 9). GiB = 2^30 bytes. */
export const BUILT_IN_DEFINITIONS: MeterDefinitions = new Map<string, MeterDefinition>([
  ["cpu", { aggregation: "gauge", unit: "vCPU-hour" }],
  ["memory", { aggregation: "gauge", unit: "GiB-hour" }],
  ["storage", { aggregation: "gauge", unit: "GiB-hour" }],
  ["network", { aggregation: "sum", unit: "GiB" }],
]);

/** How each meter is metered. */
export function metersIn(definitions: MeterDefinitions): Meters {
  return new Map([...definitions].map(([meter, { aggregation }]) => [meter, aggregation]));
}
