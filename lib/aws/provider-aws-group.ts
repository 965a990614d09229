import type { AutoScalingClient, AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { EC2Client, RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { Observed, Order, Progress, Stocked, ThingRef } from "../resource/provider.ts";
import type { InstanceGroupSpec, VmSpec } from "../resource/resource.ts";
import type { AwsKind } from "./provider-aws.ts";
import {
  type AwsNetwork,
  batches,
  isError,
  nameFor,
  RESOURCE_TAG,
  resourceIdOf,
  TENANT_TAG,
  tagOf,
  tagsOf,
} from "./provider-aws-common.ts";
import { instanceTypeFor, sizeOf } from "./provider-aws-sizes.ts";
import { NO_SUCH_SIZE } from "./provider-aws-vm.ts";

// Loaded when they are needed: a deployment without AWS resources carries none of it.
const autoScalingSdk = () => import("@aws-sdk/client-auto-scaling");
const ec2Sdk = () => import("@aws-sdk/client-ec2");

/** What groups need of the account. */
export interface GroupDeps {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly network: AwsNetwork;
}

/** Instance groups as Auto Scaling groups, each with a launch template of its own; both named by the resource's id. */
export function groupKind(deps: GroupDeps): AwsKind {
  return {
    perform: (order) => perform(deps, order),
    observe: (things) => observe(deps, things),
    stock: (tenantId) => stock(deps.autoScaling, tenantId),
  };
}

async function perform(deps: GroupDeps, order: Order): Promise<Progress> {
  const { operation, blueprint } = order;
  if (blueprint.type !== "instance_group") throw new Error("An order of another kind.");
  switch (operation.kind) {
    case "create":
      return await create(deps, order, blueprint.spec);
    case "resize":
      if (operation.to.type !== "instance_group") return notDone();
      return await resize(deps, order, { from: blueprint.spec, to: operation.to.spec });
    case "delete":
      return await remove(deps, nameFor(order));
    default:
      return notDone();
  }
}

async function create(deps: GroupDeps, order: Order, spec: InstanceGroupSpec): Promise<Progress> {
  const LaunchTemplateData = templateData(deps, order, spec.template);
  if (LaunchTemplateData === undefined) return NO_SUCH_SIZE;
  const name = nameFor(order);
  await unlessThere(async () =>
    deps.ec2.send(
      new (await ec2Sdk()).CreateLaunchTemplateCommand({
        ClientToken: order.token,
        LaunchTemplateName: name,
        LaunchTemplateData,
      }),
    ),
  );
  await unlessThere(async () =>
    deps.autoScaling.send(
      new (await autoScalingSdk()).CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        LaunchTemplate: { LaunchTemplateName: name, Version: "$Latest" },
        VPCZoneIdentifier: deps.network.subnetIds.join(","),
        ...sizesOf(spec),
        Tags: tagsOf(order).map((tag) => ({ ...tag, ResourceId: name, PropagateAtLaunch: true })),
      }),
    ),
  );
  return { is: "under_way", providerId: name };
}

async function resize(
  deps: GroupDeps,
  order: Order,
  { from, to }: { readonly from: InstanceGroupSpec; readonly to: InstanceGroupSpec },
): Promise<Progress> {
  const name = nameFor(order);
  if (JSON.stringify(from.template) !== JSON.stringify(to.template)) {
    const LaunchTemplateData = templateData(deps, order, to.template);
    if (LaunchTemplateData === undefined) return NO_SUCH_SIZE;
    // New machines are made from the new template; those that run go on until they are replaced.
    await deps.ec2.send(
      new (await ec2Sdk()).CreateLaunchTemplateVersionCommand({
        ClientToken: order.token,
        LaunchTemplateName: name,
        LaunchTemplateData,
      }),
    );
  }
  await deps.autoScaling.send(
    new (await autoScalingSdk()).UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      ...sizesOf(to),
    }),
  );
  return { is: "done" };
}

async function remove({ ec2, autoScaling }: GroupDeps, name: string): Promise<Progress> {
  try {
    await autoScaling.send(
      new (await autoScalingSdk()).DeleteAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        ForceDelete: true,
      }),
    );
  } catch (thrown) {
    // Auto Scaling says ValidationError of a group that is not there (any more).
    if (!isError(thrown, /ValidationError/)) throw thrown;
  }
  try {
    await ec2.send(new (await ec2Sdk()).DeleteLaunchTemplateCommand({ LaunchTemplateName: name }));
  } catch (thrown) {
    if (!isError(thrown, /InvalidLaunchTemplateName\.NotFound/)) throw thrown;
  }
  return { is: "done" };
}

function notDone(): never {
  throw new Error("A group has no such operation.");
}

async function unlessThere(make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (thrown) {
    if (!isError(thrown, /AlreadyExists/)) throw thrown;
  }
}

function sizesOf({ desired, min, max }: InstanceGroupSpec) {
  return { MinSize: min, MaxSize: max, DesiredCapacity: desired };
}

function templateData(
  { network }: GroupDeps,
  order: Order,
  spec: VmSpec,
): RequestLaunchTemplateData | undefined {
  const type = instanceTypeFor(spec.vcpus, spec.memoryGiB);
  if (type === undefined) return undefined;
  return {
    ImageId: spec.image,
    InstanceType: type as NonNullable<RequestLaunchTemplateData["InstanceType"]>,
    SecurityGroupIds: [...network.securityGroupIds],
    MetadataOptions: { HttpTokens: "required" },
    TagSpecifications: [{ ResourceType: "volume", Tags: tagsOf(order) }],
  };
}

async function observe(deps: GroupDeps, things: readonly ThingRef[]): Promise<ReadonlyMap<string, Observed>> {
  const found = new Map<string, Observed>();
  for (const batch of batches(things)) {
    const { AutoScalingGroups = [] } = await deps.autoScaling.send(
      new (await autoScalingSdk()).DescribeAutoScalingGroupsCommand({
        AutoScalingGroupNames: batch.map(nameFor),
        MaxRecords: 100,
      }),
    );
    for (const group of AutoScalingGroups) {
      const resourceId = resourceIdOf(group.AutoScalingGroupName);
      // A group with a status is being deleted.
      if (resourceId !== undefined && group.Status === undefined) {
        found.set(resourceId, await observedOf(deps, group));
      }
    }
  }
  return found;
}

async function observedOf({ ec2 }: GroupDeps, group: AutoScalingGroup): Promise<Observed> {
  const { AutoScalingGroupName = "", DesiredCapacity = 0, MinSize = 0, MaxSize = 0, Instances = [] } = group;
  const inService = Instances.filter((instance) => instance.LifecycleState === "InService").length;
  const { LaunchTemplateVersions = [] } = await ec2.send(
    new (await ec2Sdk()).DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateName: AutoScalingGroupName,
      Versions: ["$Latest"],
    }),
  );
  const { InstanceType, ImageId = "" } = LaunchTemplateVersions[0]?.LaunchTemplateData ?? {};
  const size = sizeOf(InstanceType);
  const bounds = { desired: DesiredCapacity, min: MinSize, max: MaxSize };
  return {
    providerId: AutoScalingGroupName,
    state: inService >= Math.min(1, DesiredCapacity) ? "running" : "pending",
    ...(size === undefined
      ? {}
      : {
          blueprint: { type: "instance_group", spec: { template: { ...size, image: ImageId }, ...bounds } },
        }),
  };
}

async function stock(autoScaling: AutoScalingClient, tenantId: string): Promise<readonly Stocked[]> {
  const found: AutoScalingGroup[] = [];
  let NextToken: string | undefined;
  do {
    const page = await autoScaling.send(
      new (await autoScalingSdk()).DescribeAutoScalingGroupsCommand({
        Filters: [{ Name: `tag:${TENANT_TAG}`, Values: [tenantId] }],
        NextToken,
      }),
    );
    found.push(...(page.AutoScalingGroups ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found
    .filter((group) => group.Status === undefined)
    .map(({ AutoScalingGroupName = "", Tags }) => {
      const resourceId = tagOf(Tags, RESOURCE_TAG);
      return { providerId: AutoScalingGroupName, ...(resourceId === undefined ? {} : { resourceId }) };
    });
}
