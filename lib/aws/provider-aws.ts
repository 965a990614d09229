import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { RDSClient } from "@aws-sdk/client-rds";
import type { Observed, Order, Progress, Provider, Stocked, ThingRef } from "../resource/provider.ts";
import type { ResourceType } from "../resource/resource.ts";
import { env } from "./env.ts";
import { type AwsNetwork, asProgress } from "./provider-aws-common.ts";
import { databaseKind } from "./provider-aws-database.ts";
import { groupKind } from "./provider-aws-group.ts";
import { loadBalancerKind } from "./provider-aws-load-balancer.ts";
import { vmKind } from "./provider-aws-vm.ts";
import { volumeKind } from "./provider-aws-volume.ts";

/** How one type of resource is had at AWS. What AWS refuses is thrown, and told by `asProgress`. */
export interface AwsKind {
  perform(order: Order): Promise<Progress>;
  observe(things: readonly ThingRef[]): Promise<ReadonlyMap<string, Observed>>;
  stock(tenantId: string): Promise<readonly Stocked[]>;
}

/** The clients of the account that resources are in, and where in its network they go. */
export interface AwsProviderDeps {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly rds: RDSClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly network: AwsNetwork;
}

/**
 * Resources in an AWS account: EC2 instances, EBS volumes, Auto Scaling groups, RDS instances and application load
 * balancers. Creating is idempotent by client token where AWS has one, and by a name made of the resource's id where it
 * has not; everything carries tags that say whose it is.
 */
export function awsProvider(deps: AwsProviderDeps): Provider {
  const kinds: Readonly<Record<ResourceType, AwsKind>> = {
    vm: vmKind(deps.ec2, deps.network),
    volume: volumeKind(deps.ec2, deps.network),
    database: databaseKind(deps.rds),
    load_balancer: loadBalancerKind(deps),
    instance_group: groupKind(deps),
  };
  return {
    perform: (order) => asProgress(() => kinds[order.blueprint.type].perform(order)),
    observe: async (things) => {
      const found = new Map<string, Observed>();
      for (const [type, ofType] of Map.groupBy(things, (thing) => thing.type)) {
        for (const [id, observed] of await kinds[type].observe(ofType)) found.set(id, observed);
      }
      return found;
    },
    stock: async (tenantId) => {
      const stocks = await Promise.all(Object.values(kinds).map((kind) => kind.stock(tenantId)));
      return stocks.flat();
    },
  };
}

/** The account that the configured role opens. */
export async function systemAwsProvider(): Promise<Provider> {
  const [{ EC2Client }, { AutoScalingClient }, { RDSClient }, { ElasticLoadBalancingV2Client }, credentials] =
    await Promise.all([
      import("@aws-sdk/client-ec2"),
      import("@aws-sdk/client-auto-scaling"),
      import("@aws-sdk/client-rds"),
      import("@aws-sdk/client-elastic-load-balancing-v2"),
      import("@aws-sdk/credential-providers"),
    ]);
  const config = {
    region: env.region,
    credentials: credentials.fromTemporaryCredentials({
      params: { RoleArn: env.awsProvider.roleArn, RoleSessionName: "active-session" },
    }),
  };
  return awsProvider({
    ec2: new EC2Client(config),
    autoScaling: new AutoScalingClient(config),
    rds: new RDSClient(config),
    loadBalancing: new ElasticLoadBalancingV2Client(config),
    network: env.awsProvider.network,
  });
}
