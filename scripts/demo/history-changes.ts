import {
  isObject,
  type JsonObject,
  objectAt,
  objectsAt,
  textAt,
} from "../../lib/activity/cloudtrail-json.ts";
import { machineSize } from "./instance-types.ts";

/** The meters of contract section 9 that a resource has a level of. */
export type GaugeMeter = "cpu" | "memory" | "storage";

/** Levels as decimal strings: vCPUs, GiB, GiB. */
export type Levels = Readonly<Partial<Record<GaugeMeter, string>>>;

/** What one CloudTrail record did to one resource. `starts` and `stops` leave the resource where it is. */
export interface ResourceChange {
  readonly kind: "makes" | "resizes" | "starts" | "stops" | "ends";
  readonly resourceId: string;
  /** The levels from then on, as far as the record says; `starts` brings back those before. */
  readonly levels: Levels;
}

type ChangeReader = (request: JsonObject, response: JsonObject) => readonly ResourceChange[];

const READERS: Readonly<Record<string, ChangeReader>> = {
  "ec2:RunInstances": (request, response) =>
    instances(response).map((instance) => {
      const type = textAt(instance, "instanceType") ?? textAt(request, "instanceType") ?? "";
      return { kind: "makes", resourceId: textAt(instance, "instanceId") ?? "", levels: machineLevels(type) };
    }),
  "ec2:StartInstances": (_request, response) =>
    instances(response).map((instance) => change("starts", instance)),
  "ec2:StopInstances": (_request, response) =>
    instances(response).map((instance) => change("stops", instance)),
  "ec2:TerminateInstances": (_request, response) =>
    instances(response).map((instance) => change("ends", instance)),
  "ec2:CreateVolume": (request, response) => [
    volume("makes", textAt(response, "volumeId"), textAt(response, "size") ?? textAt(request, "size")),
  ],
  "ec2:ModifyVolume": (request) => {
    const modified = objectAt(request, "ModifyVolumeRequest");
    return [volume("resizes", textAt(modified, "VolumeId"), textAt(modified, "Size"))];
  },
  "ec2:DeleteVolume": (request) => [volume("ends", textAt(request, "volumeId"), undefined)],
  "rds:CreateDBInstance": (request) => [
    {
      ...database("makes", request),
      levels: {
        ...machineLevels(textAt(request, "dBInstanceClass") ?? ""),
        ...storageLevel(textAt(request, "allocatedStorage")),
      },
    },
  ],
  "rds:DeleteDBInstance": (request) => [database("ends", request)],
  "rds:StartDBInstance": (request) => [database("starts", request)],
  "rds:StopDBInstance": (request) => [database("stops", request)],
};

/** What a CloudTrail record started, resized, stopped or deleted; nothing where the call failed. */
export function changesIn(event: JsonObject): readonly ResourceChange[] {
  const service = (textAt(event, "eventSource") ?? "").split(".")[0];
  const reader = READERS[`${service}:${textAt(event, "eventName")}`];
  if (reader === undefined || event["errorCode"] !== undefined) return [];
  const changes = reader(objectAt(event, "requestParameters"), objectAt(event, "responseElements"));
  return changes.filter(({ resourceId }) => resourceId !== "");
}

function instances(response: JsonObject): readonly JsonObject[] {
  return objectsAt(response, "instancesSet").filter(isObject);
}

function change(kind: ResourceChange["kind"], instance: JsonObject): ResourceChange {
  return { kind, resourceId: textAt(instance, "instanceId") ?? "", levels: {} };
}

function volume(
  kind: ResourceChange["kind"],
  id: string | undefined,
  sizeGiB: string | undefined,
): ResourceChange {
  return { kind, resourceId: id ?? "", levels: storageLevel(sizeGiB) };
}

function database(kind: ResourceChange["kind"], request: JsonObject): ResourceChange {
  return { kind, resourceId: textAt(request, "dBInstanceIdentifier") ?? "", levels: {} };
}

function machineLevels(type: string): Levels {
  const size = machineSize(type);
  return size === undefined ? {} : { cpu: String(size.vcpus), memory: String(size.memoryGiB) };
}

function storageLevel(sizeGiB: string | undefined): Levels {
  return sizeGiB === undefined ? {} : { storage: sizeGiB };
}
