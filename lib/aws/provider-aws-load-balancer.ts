import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { ElasticLoadBalancingV2Client, LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AppError } from "../errors.ts";
import type { Observed, Order, Progress, Stocked, ThingRef } from "../resource/provider.ts";
import type { AwsKind } from "./provider-aws.ts";
import {
  type AwsNetwork,
  isError,
  nameFor,
  RESOURCE_TAG,
  TENANT_TAG,
  tagOf,
  tagsOf,
} from "./provider-aws-common.ts";

// Loaded when they are needed: a deployment without AWS resources carries none of it.
const autoScalingSdk = () => import("@aws-sdk/client-auto-scaling");
const loadBalancingSdk = () => import("@aws-sdk/client-elastic-load-balancing-v2");

/** Balancers that one call tells the tags of. */
const TAGGED_MAX = 20;

const PORT = 80;

/** What load balancers need of the account. */
export interface LoadBalancerDeps {
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly autoScaling: AutoScalingClient;
  readonly network: AwsNetwork;
}

/** Application load balancers, each with one listener and one target group. The calls that make them are idempotent. */
export function loadBalancerKind(deps: LoadBalancerDeps): AwsKind {
  return {
    perform: (order) => perform(deps, order),
    observe: async (things) => {
      const found = new Map<string, Observed>();
      for (const thing of things) {
        const balancer = await find(deps, thing);
        if (balancer !== undefined) found.set(thing.resourceId, observedOf(balancer));
      }
      return found;
    },
    stock: (tenantId) => stock(deps, tenantId),
  };
}

async function perform(deps: LoadBalancerDeps, order: Order): Promise<Progress> {
  const { operation, blueprint } = order;
  if (blueprint.type !== "load_balancer") throw new Error("An order of another kind.");
  switch (operation.kind) {
    case "create":
      return await create(deps, order, blueprint.spec.targets);
    case "resize": {
      if (operation.to.type !== "load_balancer") return notDone();
      const [before, after] = [blueprint.spec.targets, operation.to.spec.targets];
      return await retarget(deps, order, {
        added: after.filter((target) => !before.includes(target)),
        dropped: before.filter((target) => !after.includes(target)),
      });
    }
    case "delete":
      return await remove(deps, order);
    default:
      return notDone();
  }
}

async function create(deps: LoadBalancerDeps, order: Order, targets: readonly string[]): Promise<Progress> {
  const { loadBalancing, network } = deps;
  const Name = nameFor(order);
  const Tags = tagsOf(order);
  const { LoadBalancers = [] } = await loadBalancing.send(
    new (await loadBalancingSdk()).CreateLoadBalancerCommand({
      Name,
      Type: "application",
      Subnets: [...network.subnetIds],
      SecurityGroups: [...network.securityGroupIds],
      Tags,
    }),
  );
  const { TargetGroups = [] } = await loadBalancing.send(
    new (await loadBalancingSdk()).CreateTargetGroupCommand({
      ...{ Name, Protocol: "HTTP", Port: PORT, TargetType: "instance", VpcId: network.vpcId, Tags },
    }),
  );
  const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn;
  const TargetGroupArn = TargetGroups[0]?.TargetGroupArn;
  await loadBalancing.send(
    new (await loadBalancingSdk()).CreateListenerCommand({
      LoadBalancerArn,
      Protocol: "HTTP",
      Port: PORT,
      DefaultActions: [{ Type: "forward", TargetGroupArn }],
    }),
  );
  await register(deps, order, { arn: TargetGroupArn, targets });
  return { is: "under_way", ...(LoadBalancerArn === undefined ? {} : { providerId: LoadBalancerArn }) };
}

async function retarget(
  deps: LoadBalancerDeps,
  order: Order,
  { added, dropped }: { readonly added: readonly string[]; readonly dropped: readonly string[] },
): Promise<Progress> {
  const arn = await targetGroupArn(deps, order);
  if (arn === undefined) {
    return { is: "refused", refusal: { code: "gone", message: "AWS does not have it any more." } };
  }
  await register(deps, order, { arn, targets: added });
  await deregister(deps, order, { arn, targets: dropped });
  return { is: "done" };
}

interface Targets {
  readonly arn: string | undefined;
  readonly targets: readonly string[];
}

/** Machines are registered by themselves; a group registers its own. Doing it again changes nothing. */
async function register(deps: LoadBalancerDeps, order: Order, { arn, targets }: Targets): Promise<void> {
  const { instances, groups } = namesOf(order, targets);
  if (instances.length > 0) {
    await deps.loadBalancing.send(
      new (await loadBalancingSdk()).RegisterTargetsCommand({
        TargetGroupArn: arn,
        Targets: instances.map((Id) => ({ Id })),
      }),
    );
  }
  for (const AutoScalingGroupName of groups) {
    await deps.autoScaling.send(
      new (await autoScalingSdk()).AttachLoadBalancerTargetGroupsCommand({
        AutoScalingGroupName,
        TargetGroupARNs: arn === undefined ? [] : [arn],
      }),
    );
  }
}

async function deregister(deps: LoadBalancerDeps, order: Order, { arn, targets }: Targets): Promise<void> {
  const { instances, groups } = namesOf(order, targets);
  if (instances.length > 0) {
    await deps.loadBalancing.send(
      new (await loadBalancingSdk()).DeregisterTargetsCommand({
        TargetGroupArn: arn,
        Targets: instances.map((Id) => ({ Id })),
      }),
    );
  }
  for (const AutoScalingGroupName of groups) {
    await deps.autoScaling.send(
      new (await autoScalingSdk()).DetachLoadBalancerTargetGroupsCommand({
        AutoScalingGroupName,
        TargetGroupARNs: arn === undefined ? [] : [arn],
      }),
    );
  }
}

/** @throws AppError `unavailable` while a target has no name at AWS yet */
function namesOf({ providerIds }: Order, targets: readonly string[]) {
  const names = targets.map((target) => {
    const name = providerIds[target];
    if (name === undefined) throw new AppError("unavailable", "A target is still being made: try again.");
    return name;
  });
  return {
    instances: names.filter((name) => name.startsWith("i-")),
    groups: names.filter((name) => !name.startsWith("i-")),
  };
}

async function remove(deps: LoadBalancerDeps, order: Order): Promise<Progress> {
  const { loadBalancing } = deps;
  const balancer = await find(deps, order);
  if (balancer !== undefined) {
    await loadBalancing.send(
      new (await loadBalancingSdk()).DeleteLoadBalancerCommand({ LoadBalancerArn: balancer.LoadBalancerArn }),
    );
  }
  const arn = await targetGroupArn(deps, order);
  if (arn !== undefined) await removeTargetGroup(deps, arn);
  return { is: "done" };
}

/** @throws AppError `unavailable` while the listener that is just going still holds it */
async function removeTargetGroup({ loadBalancing }: LoadBalancerDeps, TargetGroupArn: string): Promise<void> {
  try {
    await loadBalancing.send(new (await loadBalancingSdk()).DeleteTargetGroupCommand({ TargetGroupArn }));
  } catch (thrown) {
    if (!isError(thrown, /ResourceInUse/)) throw thrown;
    throw new AppError("unavailable", "The load balancer is still going: try again.", { cause: thrown });
  }
}

function notDone(): never {
  throw new Error("A load balancer has no such operation.");
}

async function find(
  { loadBalancing }: LoadBalancerDeps,
  thing: Pick<ThingRef, "resourceId">,
): Promise<LoadBalancer | undefined> {
  try {
    const { LoadBalancers = [] } = await loadBalancing.send(
      new (await loadBalancingSdk()).DescribeLoadBalancersCommand({ Names: [nameFor(thing)] }),
    );
    return LoadBalancers[0];
  } catch (thrown) {
    if (isError(thrown, /LoadBalancerNotFound/)) return undefined;
    throw thrown;
  }
}

async function targetGroupArn(
  { loadBalancing }: LoadBalancerDeps,
  thing: Pick<ThingRef, "resourceId">,
): Promise<string | undefined> {
  try {
    const { TargetGroups = [] } = await loadBalancing.send(
      new (await loadBalancingSdk()).DescribeTargetGroupsCommand({ Names: [nameFor(thing)] }),
    );
    return TargetGroups[0]?.TargetGroupArn;
  } catch (thrown) {
    if (isError(thrown, /TargetGroupNotFound/)) return undefined;
    throw thrown;
  }
}

async function stock({ loadBalancing }: LoadBalancerDeps, tenantId: string): Promise<readonly Stocked[]> {
  const found: Stocked[] = [];
  let Marker: string | undefined;
  do {
    const page = await loadBalancing.send(
      new (await loadBalancingSdk()).DescribeLoadBalancersCommand({ Marker, PageSize: TAGGED_MAX }),
    );
    const ResourceArns = (page.LoadBalancers ?? []).flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []);
    const { TagDescriptions = [] } =
      ResourceArns.length === 0
        ? {}
        : await loadBalancing.send(new (await loadBalancingSdk()).DescribeTagsCommand({ ResourceArns }));
    for (const { ResourceArn = "", Tags } of TagDescriptions) {
      const resourceId = tagOf(Tags, RESOURCE_TAG);
      if (tagOf(Tags, TENANT_TAG) !== tenantId) continue;
      found.push({ providerId: ResourceArn, ...(resourceId === undefined ? {} : { resourceId }) });
    }
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return found;
}

function observedOf({ LoadBalancerArn = "", State, CreatedTime }: LoadBalancer): Observed {
  const code = State?.Code;
  const state = code === "provisioning" ? "pending" : code === "failed" ? "failed" : "running";
  return {
    providerId: LoadBalancerArn,
    state,
    ...(CreatedTime === undefined ? {} : { sinceMs: CreatedTime.getTime() }),
    ...(state === "failed"
      ? { reason: { code: "failed", message: "AWS could not set the load balancer up." } }
      : {}),
  };
}
