import type { EC2Client, Volume } from "@aws-sdk/client-ec2";
import { AppError } from "../errors.ts";
import type { Observed, Order, Progress, ThingRef } from "../resource/provider.ts";
import type { AwsKind } from "./provider-aws.ts";
import {
  type AwsNetwork,
  batches,
  isError,
  RESOURCE_TAG,
  TENANT_TAG,
  tagOf,
  tagsOf,
} from "./provider-aws-common.ts";

// Loaded when they are needed: a deployment without AWS resources carries none of it.
const ec2Sdk = () => import("@aws-sdk/client-ec2");

/** Volumes as encrypted gp3 volumes of EBS, in the zone of the machines. */
export function volumeKind(ec2: EC2Client, network: AwsNetwork): AwsKind {
  return {
    perform: (order) => perform(ec2, network, order),
    observe: (things) => observe(ec2, things),
    stock: async (tenantId) => {
      const volumes = await describe(ec2, [{ Name: `tag:${TENANT_TAG}`, Values: [tenantId] }]);
      return volumes.filter(isThere).map(({ VolumeId = "", Tags }) => {
        const resourceId = tagOf(Tags, RESOURCE_TAG);
        return { providerId: VolumeId, ...(resourceId === undefined ? {} : { resourceId }) };
      });
    },
  };
}

async function perform(ec2: EC2Client, network: AwsNetwork, order: Order): Promise<Progress> {
  const { operation, blueprint } = order;
  if (blueprint.type !== "volume") throw new Error("An order of another kind.");
  switch (operation.kind) {
    case "create": {
      const made = await ec2.send(
        new (await ec2Sdk()).CreateVolumeCommand({
          ClientToken: order.token,
          Size: blueprint.spec.sizeGiB,
          VolumeType: "gp3",
          Encrypted: true,
          AvailabilityZone: network.availabilityZone,
          TagSpecifications: [{ ResourceType: "volume", Tags: tagsOf(order) }],
        }),
      );
      return { is: "under_way", ...(made.VolumeId === undefined ? {} : { providerId: made.VolumeId }) };
    }
    case "resize":
      return operation.to.type === "volume" ? await grow(ec2, order, operation.to.spec.sizeGiB) : notDone();
    case "delete":
      return await remove(ec2, order);
    default:
      return notDone();
  }
}

async function grow(ec2: EC2Client, order: Order, Size: number): Promise<Progress> {
  const volume = (await find(ec2, [order])).get(order.resourceId);
  if (volume === undefined) {
    return { is: "refused", refusal: { code: "gone", message: "AWS does not have it any more." } };
  }
  if ((volume.Size ?? 0) < Size)
    await ec2.send(new (await ec2Sdk()).ModifyVolumeCommand({ VolumeId: volume.VolumeId, Size }));
  return { is: "done", observed: observedOf({ ...volume, Size }) };
}

async function remove(ec2: EC2Client, order: Order): Promise<Progress> {
  const volume = (await find(ec2, [order])).get(order.resourceId);
  if (volume === undefined) return { is: "done" };
  try {
    await ec2.send(new (await ec2Sdk()).DeleteVolumeCommand({ VolumeId: volume.VolumeId }));
  } catch (thrown) {
    // Its machine, which has just been terminated, has not let it go yet.
    if (isError(thrown, /VolumeInUse/)) {
      throw new AppError("unavailable", "The volume is still being detached: try again.", { cause: thrown });
    }
    if (!isError(thrown, /InvalidVolume\.NotFound/)) throw thrown;
  }
  return { is: "done" };
}

function notDone(): never {
  throw new Error("A volume has no such operation.");
}

async function observe(ec2: EC2Client, things: readonly ThingRef[]): Promise<ReadonlyMap<string, Observed>> {
  const volumes = await find(ec2, things);
  return new Map(Array.from(volumes, ([resourceId, volume]) => [resourceId, observedOf(volume)]));
}

async function find(
  ec2: EC2Client,
  things: readonly Pick<ThingRef, "resourceId">[],
): Promise<ReadonlyMap<string, Volume>> {
  const found = new Map<string, Volume>();
  for (const batch of batches(things)) {
    const Values = batch.map((thing) => thing.resourceId);
    for (const volume of await describe(ec2, [{ Name: `tag:${RESOURCE_TAG}`, Values }])) {
      const resourceId = tagOf(volume.Tags, RESOURCE_TAG);
      if (resourceId !== undefined && isThere(volume)) found.set(resourceId, volume);
    }
  }
  return found;
}

async function describe(ec2: EC2Client, Filters: { Name: string; Values: string[] }[]): Promise<Volume[]> {
  const found: Volume[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.send(new (await ec2Sdk()).DescribeVolumesCommand({ Filters, NextToken }));
    found.push(...(page.Volumes ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

function isThere({ State }: Volume): boolean {
  return State !== "deleting" && State !== "deleted";
}

function observedOf({ VolumeId = "", State, Size, CreateTime }: Volume): Observed {
  const state = State === "creating" ? "pending" : State === "error" ? "failed" : "running";
  return {
    providerId: VolumeId,
    state,
    ...(CreateTime === undefined ? {} : { sinceMs: CreateTime.getTime() }),
    ...(Size === undefined ? {} : { blueprint: { type: "volume", spec: { sizeGiB: Size } } }),
    ...(state === "failed"
      ? { reason: { code: "hardware", message: "AWS says that the volume has failed." } }
      : {}),
  };
}
