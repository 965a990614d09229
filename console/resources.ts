import type { Schemas } from "../client/api.ts";
import { listOf } from "./typed.ts";

/** A thing that sessions made, as the provider has it. */
export type Resource = Schemas["Resource"];

export type ResourceType = "vm" | "volume" | "database" | "load_balancer" | "instance_group";

/** A field of a spec: how it is called, and whether it is a number or a list. */
export interface SpecField {
  /** Path in the spec. */
  readonly name: string;
  readonly label: string;
  readonly is: "whole" | "number" | "text" | "list";
  readonly start: string;
}

const MACHINE = [
  { name: "vcpus", label: "vCPUs", is: "whole", start: "2" },
  { name: "memoryGiB", label: "Memory (GiB)", is: "number", start: "4" },
] as const;

/** The fields of each type's spec (contract section 7). */
export const SPECS: Readonly<Record<ResourceType, readonly SpecField[]>> = {
  vm: [...MACHINE, { name: "image", label: "Image", is: "text", start: "debian-13" }],
  volume: [{ name: "sizeGiB", label: "Size (GiB)", is: "whole", start: "20" }],
  database: [
    { name: "engine", label: "Engine", is: "text", start: "postgres" },
    ...MACHINE,
    { name: "storageGiB", label: "Storage (GiB)", is: "whole", start: "20" },
  ],
  load_balancer: [{ name: "targets", label: "Targets (ids, by comma)", is: "list", start: "" }],
  instance_group: [
    { name: "template.vcpus", label: "vCPUs each", is: "whole", start: "2" },
    { name: "template.memoryGiB", label: "Memory each (GiB)", is: "number", start: "4" },
    { name: "template.image", label: "Image", is: "text", start: "debian-13" },
    { name: "desired", label: "Wanted", is: "whole", start: "2" },
    { name: "min", label: "At least", is: "whole", start: "1" },
    { name: "max", label: "At most", is: "whole", start: "5" },
  ],
};

export const RESOURCE_TYPES: ReadonlyArray<readonly [ResourceType, string]> = [
  ["vm", "Machine"],
  ["volume", "Volume"],
  ["database", "Database"],
  ["load_balancer", "Load balancer"],
  ["instance_group", "Instance group"],
];

/** The type in words. */
export function typeName(type: ResourceType): string {
  return RESOURCE_TYPES.find(([name]) => name === type)?.[1] ?? type;
}

/** A spec's value at a field, as text. */
export function specText(spec: Readonly<Record<string, unknown>>, { name }: SpecField): string {
  const value = name.split(".").reduce<unknown>((at, part) => memberOf(at, part), spec);
  return Array.isArray(value) ? value.join(", ") : value === undefined ? "" : String(value);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** The spec that was filled in. */
export function specOf(type: ResourceType, text: (name: string) => string): Record<string, unknown> {
  const spec: Record<string, unknown> = {};
  for (const field of SPECS[type]) {
    const [first = "", second] = field.name.split(".");
    const value = typedValue(field, text(field.name));
    if (second === undefined) spec[first] = value;
    else spec[first] = { ...Object(spec[first]), [second]: value };
  }
  return spec;
}

function typedValue({ is }: SpecField, text: string): unknown {
  if (is === "text") return text;
  if (is === "list") return listOf(text);
  return Number(text);
}

/** A spec in a few words: "2 vCPUs, 4 GiB, debian-13". */
export function specWords({ type, spec }: Pick<Resource, "type" | "spec">): string {
  return SPECS[type]
    .map((field) => {
      const value = specText(spec, field);
      return field.is === "text" ? value : `${field.label.replace(/ \(.*\)/, "")} ${value || "none"}`;
    })
    .join(" · ");
}
