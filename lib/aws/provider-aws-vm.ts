import type { EC2Client, Instance } from "@aws-sdk/client-ec2";
import { AppError, assertNever } from "../errors.ts";
import type { Observed, Order, Progress, Stocked, ThingRef } from "../resource/provider.ts";
import type { Blueprint, VmSpec } from "../resource/resource.ts";
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
import { instanceTypeFor, sizeOf } from "./provider-aws-sizes.ts";

// Loaded when they are needed: a deployment without AWS resources carries none of it.
const ec2Sdk = () => import("@aws-sdk/client-ec2");

/** States in which an instance still is, or is about to be. */
const ALIVE = ["pending", "running", "stopping", "stopped"];

/** Device names for volumes beside the root's, as EC2 recommends for Linux. */
const DEVICES = [..."fghijklmnop"].map((letter) => `/dev/sd${letter}`);

/** Machines as EC2 instances. The image is the id of an AMI. */
export function vmKind(ec2: EC2Client, network: AwsNetwork): AwsKind {
  return {
    perform: (order) => perform(ec2, network, order),
    observe: (things) => observe(ec2, things),
    stock: async (tenantId): Promise<readonly Stocked[]> => {
      const instances = await describe(ec2, [
        { Name: `tag:${TENANT_TAG}`, Values: [tenantId] },
        { Name: "instance-state-name", Values: ALIVE },
      ]);
      return (
        instances
          // The machines of a group are the group's.
          .filter(({ Tags }) => tagOf(Tags, "aws:autoscaling:groupName") === undefined)
          .map(({ InstanceId = "", Tags }) => {
            const resourceId = tagOf(Tags, RESOURCE_TAG);
            return { providerId: InstanceId, ...(resourceId === undefined ? {} : { resourceId }) };
          })
      );
    },
  };
}

/** No size of AWS has these vCPUs with this memory. */
export const NO_SUCH_SIZE: Progress = {
  is: "refused",
  refusal: { code: "unsupported_size", message: "AWS has no machine with these vCPUs and this memory." },
};

async function perform(ec2: EC2Client, network: AwsNetwork, order: Order): Promise<Progress> {
  const { operation, blueprint } = order;
  if (blueprint.type !== "vm") throw new Error("An order of another kind.");
  if (operation.kind === "create") return await run(ec2, network, { order, spec: blueprint.spec });
  const instance = await find(ec2, order);
  if (instance?.InstanceId === undefined) return gone(operation.kind === "delete");
  const InstanceId = instance.InstanceId;
  switch (operation.kind) {
    case "start":
      await ec2.send(new (await ec2Sdk()).StartInstancesCommand({ InstanceIds: [InstanceId] }));
      return { is: "under_way", providerId: InstanceId };
    case "stop":
      await ec2.send(new (await ec2Sdk()).StopInstancesCommand({ InstanceIds: [InstanceId] }));
      return { is: "under_way", providerId: InstanceId };
    case "delete":
      await ec2.send(new (await ec2Sdk()).TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
      return { is: "done" };
    case "resize":
      return await resize(ec2, instance, operation.to);
    case "attach_volume":
      return await attach(ec2, instance, providerIdOf(order, operation.volumeId));
    case "detach_volume":
      return await detach(ec2, InstanceId, providerIdOf(order, operation.volumeId));
    default:
      return assertNever(operation);
  }
}

async function run(
  ec2: EC2Client,
  network: AwsNetwork,
  { order, spec }: { readonly order: Order; readonly spec: VmSpec },
): Promise<Progress> {
  const type = instanceTypeFor(spec.vcpus, spec.memoryGiB);
  if (type === undefined) return NO_SUCH_SIZE;
  const { Instances = [] } = await ec2.send(
    new (await ec2Sdk()).RunInstancesCommand({
      ClientToken: order.token,
      ImageId: spec.image,
      // Every size of the table is one that EC2 knows: its own list is longer than ours.
      InstanceType: type as Instance["InstanceType"],
      MinCount: 1,
      MaxCount: 1,
      SubnetId: network.subnetIds[0],
      SecurityGroupIds: [...network.securityGroupIds],
      MetadataOptions: { HttpTokens: "required" },
      TagSpecifications: [{ ResourceType: "instance", Tags: tagsOf(order) }],
    }),
  );
  const providerId = Instances[0]?.InstanceId;
  return { is: "under_way", ...(providerId === undefined ? {} : { providerId }) };
}

async function resize(ec2: EC2Client, instance: Instance, to: Blueprint): Promise<Progress> {
  if (to.type !== "vm") throw new Error("An order of another kind.");
  const type = instanceTypeFor(to.spec.vcpus, to.spec.memoryGiB);
  if (type === undefined) return NO_SUCH_SIZE;
  if (instance.InstanceType !== type) {
    if (instance.State?.Name !== "stopped") {
      return {
        is: "refused",
        refusal: { code: "state", message: "Stop the vm first: EC2 resizes stopped ones." },
      };
    }
    await ec2.send(
      new (await ec2Sdk()).ModifyInstanceAttributeCommand({
        InstanceId: instance.InstanceId,
        InstanceType: { Value: type },
      }),
    );
  }
  return {
    is: "done",
    observed: observedOf({ ...instance, InstanceType: type as Instance["InstanceType"] }),
  };
}

async function attach(ec2: EC2Client, instance: Instance, VolumeId: string): Promise<Progress> {
  const devices = instance.BlockDeviceMappings ?? [];
  if (!devices.some((device) => device.Ebs?.VolumeId === VolumeId)) {
    const Device = DEVICES.find((name) => !devices.some((device) => device.DeviceName === name));
    if (Device === undefined) {
      return { is: "refused", refusal: { code: "quota", message: "The vm has no room for another volume." } };
    }
    await ec2.send(
      new (await ec2Sdk()).AttachVolumeCommand({ InstanceId: instance.InstanceId, VolumeId, Device }),
    );
  }
  return { is: "done", observed: observedOf(instance) };
}

async function detach(ec2: EC2Client, InstanceId: string, VolumeId: string): Promise<Progress> {
  try {
    await ec2.send(new (await ec2Sdk()).DetachVolumeCommand({ InstanceId, VolumeId }));
  } catch (thrown) {
    // It is off already: the answer to the first call was lost.
    if (!isError(thrown, /IncorrectState/)) throw thrown;
  }
  return { is: "done" };
}

async function find(
  ec2: EC2Client,
  thing: Pick<ThingRef, "resourceId" | "providerId">,
): Promise<Instance | undefined> {
  const named = thing.providerId === undefined ? `tag:${RESOURCE_TAG}` : "instance-id";
  const instances = await describe(ec2, [
    { Name: named, Values: [thing.providerId ?? thing.resourceId] },
    { Name: "instance-state-name", Values: ALIVE },
  ]);
  return instances[0];
}

async function observe(ec2: EC2Client, things: readonly ThingRef[]): Promise<ReadonlyMap<string, Observed>> {
  const found = new Map<string, Observed>();
  for (const batch of batches(things)) {
    const instances = await describe(ec2, [
      { Name: `tag:${RESOURCE_TAG}`, Values: batch.map((thing) => thing.resourceId) },
      { Name: "instance-state-name", Values: ALIVE },
    ]);
    for (const instance of instances) {
      const resourceId = tagOf(instance.Tags, RESOURCE_TAG);
      if (resourceId !== undefined) found.set(resourceId, observedOf(instance));
    }
  }
  return found;
}

async function describe(ec2: EC2Client, Filters: { Name: string; Values: string[] }[]): Promise<Instance[]> {
  const found: Instance[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.send(new (await ec2Sdk()).DescribeInstancesCommand({ Filters, NextToken }));
    found.push(...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

/** An instance costs nothing from the moment that it is stopping. */
function observedOf(instance: Instance): Observed {
  const { InstanceId = "", State, InstanceType, ImageId = "", LaunchTime } = instance;
  const size = sizeOf(InstanceType);
  const isOff = State?.Name === "stopping" || State?.Name === "stopped";
  return {
    providerId: InstanceId,
    state: State?.Name === "pending" ? "pending" : isOff ? "stopped" : "running",
    ...(isOff || LaunchTime === undefined ? {} : { sinceMs: LaunchTime.getTime() }),
    ...(size === undefined ? {} : { blueprint: { type: "vm", spec: { ...size, image: ImageId } } }),
  };
}

function gone(isDone: boolean): Progress {
  if (isDone) return { is: "done" };
  return { is: "refused", refusal: { code: "gone", message: "AWS does not have it any more." } };
}

/** @throws AppError `unavailable` while the volume has no name at AWS yet */
function providerIdOf(order: Order, resourceId: string): string {
  const providerId = order.providerIds[resourceId];
  if (providerId === undefined)
    throw new AppError("unavailable", "The volume is still being made: try again.");
  return providerId;
}
