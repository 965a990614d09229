import {
  AttachLoadBalancerTargetGroupsCommand,
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  AttachVolumeCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateVolumeCommand,
  DeleteLaunchTemplateCommand,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  EC2Client,
  EC2ServiceException,
  type Instance,
  ModifyInstanceAttributeCommand,
  ModifyVolumeCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  LoadBalancerNotFoundException,
  RegisterTargetsCommand,
  ResourceInUseException,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  CreateDBInstanceCommand,
  DBInstanceAlreadyExistsFault,
  DBInstanceNotFoundFault,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { awsProvider } from "../../../lib/aws/provider-aws.ts";
import type { Order } from "../../../lib/resource/provider.ts";
import type { Blueprint, Operation } from "../../../lib/resource/resource.ts";

// The account is a mock: what is held here is which calls are made, that they are idempotent, and how answers are read.
const ec2 = mockClient(EC2Client);
const autoScaling = mockClient(AutoScalingClient);
const rds = mockClient(RDSClient);
const loadBalancing = mockClient(ElasticLoadBalancingV2Client);
const region = { region: "eu-central-1" };
const provider = awsProvider({
  ec2: new EC2Client(region),
  autoScaling: new AutoScalingClient(region),
  rds: new RDSClient(region),
  loadBalancing: new ElasticLoadBalancingV2Client(region),
  network: {
    subnetIds: ["subnet-a", "subnet-b"],
    securityGroupIds: ["sg-1"],
    vpcId: "vpc-1",
    availabilityZone: "eu-central-1a",
  },
});

beforeEach(() => {
  for (const mock of [ec2, autoScaling, rds, loadBalancing]) mock.reset();
});

const RESOURCE = "res_01kjpwd6m09449d9fnpr3a43mr";
const NAME = "as-01kjpwd6m09449d9fnpr3a43mr";
const VM: Blueprint = { type: "vm", spec: { vcpus: 4, memoryGiB: 16, image: "ami-1" } };
const VOLUME: Blueprint = { type: "volume", spec: { sizeGiB: 100 } };
const DATABASE: Blueprint = {
  type: "database",
  spec: { engine: "postgres", vcpus: 2, memoryGiB: 4, storageGiB: 50 },
};
const GROUP: Blueprint = {
  type: "instance_group",
  spec: { template: { vcpus: 2, memoryGiB: 4, image: "ami-1" }, desired: 2, min: 1, max: 5 },
};
const OUR_TAGS = [
  { Key: "active-session:resource", Value: RESOURCE },
  { Key: "active-session:tenant", Value: "ten_1" },
];

function order(blueprint: Blueprint, operation: Operation, change: Partial<Order> = {}): Order {
  return {
    ...{ tenantId: "ten_1", resourceId: RESOURCE, blueprint, operation, token: `${RESOURCE}-1`, sinceMs: 1 },
    ...{ name: "web-1", tags: { team: "blue" }, providerIds: {}, ...change },
  };
}

function found(instance: Partial<Instance>): void {
  const whole = {
    InstanceId: "i-1",
    InstanceType: "m7i.xlarge",
    ImageId: "ami-1",
    Tags: OUR_TAGS,
    ...instance,
  };
  ec2.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [whole as Instance] }] });
}

const refused = (name: string, httpStatusCode = 400) =>
  Object.assign(
    new EC2ServiceException({
      name,
      $fault: "client",
      message: "arn:aws:secret",
      $metadata: { httpStatusCode },
    }),
    {},
  );

describe("a machine", () => {
  test("is made once, by its client token, with tags that nobody can overwrite", async () => {
    ec2.on(RunInstancesCommand).resolves({ Instances: [{ InstanceId: "i-1" }] });
    const tags = { team: "blue", "active-session:tenant": "ten_other", "aws:x": "y", Name: "other" };
    const progress = await provider.perform(order(VM, { kind: "create" }, { tags }));
    expect(progress).toEqual({ is: "under_way", providerId: "i-1" });
    expect(ec2.commandCalls(RunInstancesCommand)[0]?.args[0].input).toMatchObject({
      ClientToken: `${RESOURCE}-1`,
      ImageId: "ami-1",
      InstanceType: "m7i.xlarge",
      MinCount: 1,
      MaxCount: 1,
      SubnetId: "subnet-a",
      MetadataOptions: { HttpTokens: "required" },
      TagSpecifications: [
        {
          ResourceType: "instance",
          Tags: [...OUR_TAGS, { Key: "Name", Value: "web-1" }, { Key: "team", Value: "blue" }],
        },
      ],
    });
  });

  test("has a size that AWS sells, or none", async () => {
    const odd: Blueprint = { type: "vm", spec: { vcpus: 3, memoryGiB: 5, image: "ami-1" } };
    expect(await provider.perform(order(odd, { kind: "create" }))).toMatchObject({
      refusal: { code: "unsupported_size" },
    });
    expect(ec2.calls()).toHaveLength(0);
  });

  test.each([
    ["InsufficientInstanceCapacity", 500, "capacity"],
    ["VcpuLimitExceeded", 400, "quota"],
    ["IncorrectInstanceState", 400, "state"],
    ["InvalidAMIID.NotFound", 400, "rejected"],
  ])("is refused for %s, without a word of AWS's own", async (name, status, code) => {
    ec2.on(RunInstancesCommand).rejects(refused(name, status));
    const progress = await provider.perform(order(VM, { kind: "create" }));
    expect(progress).toMatchObject({ is: "refused", refusal: { code } });
    expect(JSON.stringify(progress)).not.toContain("arn:");
  });

  test.each([
    ["RequestLimitExceeded", 503],
    ["InternalError", 500],
  ])("is asked for again after %s", async (name, status) => {
    ec2.on(RunInstancesCommand).rejects(refused(name, status));
    await expect(provider.perform(order(VM, { kind: "create" }))).rejects.toMatchObject({
      code: "unavailable",
    });
  });

  test("is started, stopped and terminated", async () => {
    found({ State: { Name: "running" } });
    ec2.on(StartInstancesCommand).resolves({});
    ec2.on(StopInstancesCommand).resolves({});
    ec2.on(TerminateInstancesCommand).resolves({});
    expect(await provider.perform(order(VM, { kind: "start" }))).toMatchObject({ is: "under_way" });
    expect(await provider.perform(order(VM, { kind: "stop" }))).toMatchObject({ is: "under_way" });
    expect(await provider.perform(order(VM, { kind: "delete" }))).toEqual({ is: "done" });
    expect(ec2.commandCalls(TerminateInstancesCommand)[0]?.args[0].input).toEqual({ InstanceIds: ["i-1"] });
  });

  test("is deleted when it is gone, and nothing else can be done to it", async () => {
    ec2.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    expect(await provider.perform(order(VM, { kind: "delete" }))).toEqual({ is: "done" });
    expect(await provider.perform(order(VM, { kind: "stop" }))).toMatchObject({ refusal: { code: "gone" } });
  });

  test("is resized while it is stopped, and not twice", async () => {
    const to: Blueprint = { type: "vm", spec: { vcpus: 8, memoryGiB: 32, image: "ami-1" } };
    const resize = order(VM, { kind: "resize", to });
    ec2.on(ModifyInstanceAttributeCommand).resolves({});
    found({ State: { Name: "running" } });
    expect(await provider.perform(resize)).toMatchObject({ refusal: { code: "state" } });
    found({ State: { Name: "stopped" } });
    expect(await provider.perform(resize)).toMatchObject({ is: "done", observed: { blueprint: to } });
    found({ State: { Name: "stopped" }, InstanceType: "m7i.2xlarge" });
    expect(await provider.perform(resize)).toMatchObject({ is: "done" });
    expect(ec2.commandCalls(ModifyInstanceAttributeCommand)).toHaveLength(1);
  });

  test("gets a volume under the next free name, and not twice", async () => {
    const device = (letter: string, VolumeId: string) => ({
      DeviceName: `/dev/sd${letter}`,
      Ebs: { VolumeId },
    });
    const attach = order(
      VM,
      { kind: "attach_volume", volumeId: "res_v" },
      { providerIds: { res_v: "vol-1" } },
    );
    ec2.on(AttachVolumeCommand).resolves({});
    found({ State: { Name: "running" }, BlockDeviceMappings: [device("a", "vol-0"), device("f", "vol-9")] });
    expect(await provider.perform(attach)).toMatchObject({ is: "done" });
    expect(ec2.commandCalls(AttachVolumeCommand)[0]?.args[0].input).toEqual({
      ...{ InstanceId: "i-1", VolumeId: "vol-1", Device: "/dev/sdg" },
    });
    found({ State: { Name: "running" }, BlockDeviceMappings: [device("g", "vol-1")] });
    expect(await provider.perform(attach)).toMatchObject({ is: "done" });
    expect(ec2.commandCalls(AttachVolumeCommand)).toHaveLength(1);
  });

  test("lets a volume go, also one that is off already", async () => {
    const detach = order(
      VM,
      { kind: "detach_volume", volumeId: "res_v" },
      { providerIds: { res_v: "vol-1" } },
    );
    found({ State: { Name: "running" } });
    ec2.on(DetachVolumeCommand).rejects(refused("IncorrectState"));
    expect(await provider.perform(detach)).toEqual({ is: "done" });
  });

  test.each([
    ["pending", "pending"],
    ["running", "running"],
    ["stopping", "stopped"],
    ["stopped", "stopped"],
  ] as const)("that EC2 calls %s is %s", async (name, state) => {
    found({ State: { Name: name }, LaunchTime: new Date(5000) });
    const things = await provider.observe([{ tenantId: "ten_1", resourceId: RESOURCE, type: "vm" }]);
    expect(things.get(RESOURCE)).toEqual({
      providerId: "i-1",
      state,
      ...(state === "stopped" ? {} : { sinceMs: 5000 }),
      blueprint: VM,
    });
  });
});

describe("a volume", () => {
  const there = (State: "available" | "creating" | "deleting", Size = 100) =>
    ec2
      .on(DescribeVolumesCommand)
      .resolves({ Volumes: [{ VolumeId: "vol-1", State, Size, Tags: OUR_TAGS }] });

  test("is made once, encrypted, in the machines' zone", async () => {
    ec2.on(CreateVolumeCommand).resolves({ VolumeId: "vol-1" });
    expect(await provider.perform(order(VOLUME, { kind: "create" }))).toEqual({
      ...{ is: "under_way", providerId: "vol-1" },
    });
    expect(ec2.commandCalls(CreateVolumeCommand)[0]?.args[0].input).toMatchObject({
      ...{ ClientToken: `${RESOURCE}-1`, Size: 100, VolumeType: "gp3", Encrypted: true },
      AvailabilityZone: "eu-central-1a",
    });
  });

  test("grows once", async () => {
    ec2.on(ModifyVolumeCommand).resolves({});
    const grow = order(VOLUME, { kind: "resize", to: { type: "volume", spec: { sizeGiB: 200 } } });
    there("available");
    expect(await provider.perform(grow)).toMatchObject({ is: "done" });
    there("available", 200);
    expect(await provider.perform(grow)).toMatchObject({ is: "done" });
    expect(ec2.commandCalls(ModifyVolumeCommand)).toHaveLength(1);
  });

  test("is deleted, waits for its machine to let go, and is gone when it is going", async () => {
    const remove = order(VOLUME, { kind: "delete" });
    there("available");
    ec2.on(DeleteVolumeCommand).rejectsOnce(refused("VolumeInUse")).resolves({});
    await expect(provider.perform(remove)).rejects.toMatchObject({ code: "unavailable" });
    expect(await provider.perform(remove)).toEqual({ is: "done" });
    there("deleting");
    expect(await provider.observe([{ tenantId: "ten_1", resourceId: RESOURCE, type: "volume" }])).toEqual(
      new Map(),
    );
    expect(await provider.perform(remove)).toEqual({ is: "done" });
  });
});

describe("a database", () => {
  const status = (DBInstanceStatus: string, DBInstanceClass = "db.t3.medium") =>
    rds.on(DescribeDBInstancesCommand).resolves({
      DBInstances: [
        ...[{ DBInstanceIdentifier: NAME, DBInstanceStatus, DBInstanceClass, Engine: "postgres" }],
      ].map((instance) => ({ ...instance, AllocatedStorage: 50 })),
    });

  test("is made once by its name, closed to the outside, its password kept by RDS", async () => {
    rds
      .on(CreateDBInstanceCommand)
      .resolvesOnce({})
      .rejects(new DBInstanceAlreadyExistsFault({ message: "", $metadata: { httpStatusCode: 400 } }));
    for (const _again of [1, 2]) {
      expect(await provider.perform(order(DATABASE, { kind: "create" }))).toEqual({
        ...{ is: "under_way", providerId: NAME },
      });
    }
    expect(rds.commandCalls(CreateDBInstanceCommand)[0]?.args[0].input).toMatchObject({
      DBInstanceIdentifier: NAME,
      DBInstanceClass: "db.t3.medium",
      StorageEncrypted: true,
      PubliclyAccessible: false,
      ManageMasterUserPassword: true,
    });
  });

  test("is resized now, its storage only where that grows", async () => {
    rds.on(ModifyDBInstanceCommand).resolves({});
    const to = { type: "database", spec: { ...DATABASE.spec, memoryGiB: 8 } } as Blueprint;
    expect(await provider.perform(order(DATABASE, { kind: "resize", to }))).toMatchObject({
      is: "under_way",
    });
    expect(rds.commandCalls(ModifyDBInstanceCommand)[0]?.args[0].input).toEqual({
      ...{ DBInstanceIdentifier: NAME, DBInstanceClass: "db.m7i.large", ApplyImmediately: true },
    });
  });

  test("leaves a snapshot behind, and is deleted when it is gone", async () => {
    rds
      .on(DeleteDBInstanceCommand)
      .resolvesOnce({})
      .rejects(new DBInstanceNotFoundFault({ message: "", $metadata: { httpStatusCode: 404 } }));
    expect(await provider.perform(order(DATABASE, { kind: "delete" }))).toMatchObject({ is: "under_way" });
    expect(rds.commandCalls(DeleteDBInstanceCommand)[0]?.args[0].input).toMatchObject({
      ...{ SkipFinalSnapshot: false, FinalDBSnapshotIdentifier: `${NAME}-final` },
    });
    expect(await provider.perform(order(DATABASE, { kind: "delete" }))).toEqual({ is: "done" });
  });

  test.each([
    ["creating", "pending"],
    ["backing-up", "pending"],
    ["available", "running"],
    ["stopped", "stopped"],
    ["storage-full", "failed"],
  ])("that RDS calls %s is %s", async (name, state) => {
    status(name);
    const things = await provider.observe([{ tenantId: "ten_1", resourceId: RESOURCE, type: "database" }]);
    expect(things.get(RESOURCE)).toMatchObject({ providerId: NAME, state, blueprint: DATABASE });
  });
});

describe("an instance group", () => {
  test("is an Auto Scaling group with a launch template, each made once", async () => {
    const exists = Object.assign(refused("AlreadyExistsFault"), {});
    ec2.on(CreateLaunchTemplateCommand).rejects(refused("InvalidLaunchTemplateName.AlreadyExistsException"));
    autoScaling.on(CreateAutoScalingGroupCommand).rejects(exists);
    expect(await provider.perform(order(GROUP, { kind: "create" }))).toEqual({
      ...{ is: "under_way", providerId: NAME },
    });
    expect(autoScaling.commandCalls(CreateAutoScalingGroupCommand)[0]?.args[0].input).toMatchObject({
      ...{ AutoScalingGroupName: NAME, VPCZoneIdentifier: "subnet-a,subnet-b" },
      ...{ MinSize: 1, MaxSize: 5, DesiredCapacity: 2 },
    });
  });

  test("is scaled without touching its template, and gets a new one where that changes", async () => {
    autoScaling.on(UpdateAutoScalingGroupCommand).resolves({});
    ec2.on(CreateLaunchTemplateVersionCommand).resolves({});
    const larger = { type: "instance_group", spec: { ...GROUP.spec, desired: 4 } } as Blueprint;
    expect(await provider.perform(order(GROUP, { kind: "resize", to: larger }))).toEqual({ is: "done" });
    expect(autoScaling.commandCalls(UpdateAutoScalingGroupCommand)[0]?.args[0].input).toMatchObject({
      ...{ AutoScalingGroupName: NAME, DesiredCapacity: 4 },
    });
    expect(ec2.commandCalls(CreateLaunchTemplateVersionCommand)).toHaveLength(0);
    const other = {
      type: "instance_group",
      spec: { ...GROUP.spec, template: { vcpus: 4, memoryGiB: 8, image: "ami-2" } },
    } as Blueprint;
    await provider.perform(order(GROUP, { kind: "resize", to: other }));
    expect(ec2.commandCalls(CreateLaunchTemplateVersionCommand)[0]?.args[0].input).toMatchObject({
      LaunchTemplateData: { ImageId: "ami-2", InstanceType: "c7i.xlarge" },
    });
  });

  test("is deleted with its template, also when half of it is gone", async () => {
    autoScaling.on(DeleteAutoScalingGroupCommand).rejects(refused("ValidationError"));
    ec2.on(DeleteLaunchTemplateCommand).resolves({});
    expect(await provider.perform(order(GROUP, { kind: "delete" }))).toEqual({ is: "done" });
    expect(ec2.commandCalls(DeleteLaunchTemplateCommand)).toHaveLength(1);
  });

  test("runs once a machine of it is in service", async () => {
    const group = (states: string[], Status?: string) =>
      autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({
        AutoScalingGroups: [
          {
            ...{ AutoScalingGroupName: NAME, MinSize: 1, MaxSize: 5, DesiredCapacity: 2, DefaultCooldown: 0 },
            ...{ AvailabilityZones: [], HealthCheckType: "EC2", CreatedTime: new Date(0), Status },
            Instances: states.map((LifecycleState) => ({ LifecycleState }) as never),
          },
        ],
      });
    ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({
      LaunchTemplateVersions: [{ LaunchTemplateData: { InstanceType: "c7i.large", ImageId: "ami-1" } }],
    });
    const look = async () =>
      (await provider.observe([{ tenantId: "ten_1", resourceId: RESOURCE, type: "instance_group" }])).get(
        RESOURCE,
      );
    group(["Pending", "Pending"]);
    expect(await look()).toMatchObject({ state: "pending" });
    group(["InService", "Pending"]);
    expect(await look()).toMatchObject({
      state: "running",
      blueprint: { spec: { desired: 2, min: 1, max: 5 } },
    });
    group([], "Delete in progress");
    expect(await look()).toBeUndefined();
  });
});

describe("a load balancer", () => {
  const TARGETS = { res_vm: "i-1", res_group: "as-group" };
  const balancer = (targets: string[]): Blueprint => ({ type: "load_balancer", spec: { targets } });

  function made(): void {
    loadBalancing.on(CreateLoadBalancerCommand).resolves({ LoadBalancers: [{ LoadBalancerArn: "arn:lb" }] });
    loadBalancing.on(CreateTargetGroupCommand).resolves({ TargetGroups: [{ TargetGroupArn: "arn:tg" }] });
    loadBalancing.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [{ TargetGroupArn: "arn:tg" }] });
    for (const command of [CreateListenerCommand, RegisterTargetsCommand, DeregisterTargetsCommand]) {
      loadBalancing.on(command as typeof CreateListenerCommand).resolves({});
    }
    autoScaling.on(AttachLoadBalancerTargetGroupsCommand).resolves({});
  }

  test("sends requests to machines and to the machines of groups", async () => {
    made();
    const create = order(balancer(["res_vm", "res_group"]), { kind: "create" }, { providerIds: TARGETS });
    expect(await provider.perform(create)).toEqual({ is: "under_way", providerId: "arn:lb" });
    expect(loadBalancing.commandCalls(CreateLoadBalancerCommand)[0]?.args[0].input).toMatchObject({
      Name: NAME,
    });
    expect(NAME.length).toBeLessThanOrEqual(32);
    expect(loadBalancing.commandCalls(RegisterTargetsCommand)[0]?.args[0].input).toEqual({
      ...{ TargetGroupArn: "arn:tg", Targets: [{ Id: "i-1" }] },
    });
    expect(autoScaling.commandCalls(AttachLoadBalancerTargetGroupsCommand)[0]?.args[0].input).toEqual({
      ...{ AutoScalingGroupName: "as-group", TargetGroupARNs: ["arn:tg"] },
    });
  });

  test("waits for targets that are still being made", async () => {
    made();
    await expect(provider.perform(order(balancer(["res_vm"]), { kind: "create" }))).rejects.toMatchObject({
      code: "unavailable",
    });
  });

  test("changes its targets by what is new and what is gone", async () => {
    made();
    const providerIds = { res_a: "i-a", res_b: "i-b", res_c: "i-c" };
    const to = balancer(["res_b", "res_c"]);
    const resize = order(balancer(["res_a", "res_b"]), { kind: "resize", to }, { providerIds });
    expect(await provider.perform(resize)).toEqual({ is: "done" });
    expect(loadBalancing.commandCalls(RegisterTargetsCommand)[0]?.args[0].input.Targets).toEqual([
      { Id: "i-c" },
    ]);
    expect(loadBalancing.commandCalls(DeregisterTargetsCommand)[0]?.args[0].input.Targets).toEqual([
      { Id: "i-a" },
    ]);
  });

  test("is deleted with its target group, tried again until the listener has let go of that", async () => {
    made();
    const remove = order(balancer([]), { kind: "delete" });
    loadBalancing
      .on(DescribeLoadBalancersCommand)
      .resolvesOnce({ LoadBalancers: [{ LoadBalancerArn: "arn:lb" }] })
      .rejects(new LoadBalancerNotFoundException({ message: "", $metadata: { httpStatusCode: 400 } }));
    loadBalancing.on(DeleteLoadBalancerCommand).resolves({});
    loadBalancing
      .on(DeleteTargetGroupCommand)
      .rejectsOnce(new ResourceInUseException({ message: "", $metadata: { httpStatusCode: 400 } }))
      .resolves({});
    await expect(provider.perform(remove)).rejects.toMatchObject({ code: "unavailable" });
    expect(await provider.perform(remove)).toEqual({ is: "done" });
    expect(loadBalancing.commandCalls(DeleteLoadBalancerCommand)).toHaveLength(1);
  });
});

test("everything of a tenant is found by its tags, of all kinds and pages", async () => {
  const Tags = OUR_TAGS;
  ec2
    .on(DescribeInstancesCommand)
    .resolvesOnce({ Reservations: [{ Instances: [{ InstanceId: "i-1", Tags }] }], NextToken: "more" })
    .resolves({
      Reservations: [
        {
          Instances: [
            { InstanceId: "i-2", Tags: [...Tags, { Key: "aws:autoscaling:groupName", Value: NAME }] },
          ],
        },
      ],
    });
  ec2.on(DescribeVolumesCommand).resolves({ Volumes: [{ VolumeId: "vol-1", Tags: [], State: "available" }] });
  rds.on(DescribeDBInstancesCommand).resolves({
    DBInstances: [
      { DBInstanceIdentifier: NAME, TagList: Tags },
      { DBInstanceIdentifier: "other", TagList: [{ Key: "active-session:tenant", Value: "ten_2" }] },
    ],
  });
  autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
  loadBalancing
    .on(DescribeLoadBalancersCommand)
    .resolves({ LoadBalancers: [{ LoadBalancerArn: "arn:lb" }, { LoadBalancerArn: "arn:other" }] });
  loadBalancing.on(DescribeTagsCommand).resolves({
    TagDescriptions: [
      { ResourceArn: "arn:lb", Tags },
      { ResourceArn: "arn:other", Tags: [] },
    ],
  });
  expect(await provider.stock("ten_1")).toEqual([
    { providerId: "i-1", resourceId: RESOURCE },
    { providerId: "vol-1" },
    { providerId: NAME, resourceId: RESOURCE },
    { providerId: "arn:lb", resourceId: RESOURCE },
  ]);
});
