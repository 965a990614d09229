import type { DBInstance, RDSClient } from "@aws-sdk/client-rds";
import { assertNever } from "../errors.ts";
import type { Observed, Order, Progress, Stocked, ThingRef } from "../resource/provider.ts";
import type { DatabaseSpec } from "../resource/resource.ts";
import type { AwsKind } from "./provider-aws.ts";
import { isError, nameFor, RESOURCE_TAG, TENANT_TAG, tagOf, tagsOf } from "./provider-aws-common.ts";
import { databaseClassFor, sizeOf } from "./provider-aws-sizes.ts";

// Loaded when they are needed: a deployment without AWS resources carries none of it.
const rdsSdk = () => import("@aws-sdk/client-rds");

/** What RDS says of an instance that has stopped working. */
const FAILED = /fail|incompatible|inaccessible|storage-full/;

/** Databases as RDS instances: encrypted, not public, their password kept by RDS, a snapshot taken when they go. */
export function databaseKind(rds: RDSClient): AwsKind {
  return {
    perform: (order) => perform(rds, order),
    observe: async (things) => {
      const found = new Map<string, Observed>();
      for (const thing of things) {
        const instance = await find(rds, thing);
        if (instance !== undefined) found.set(thing.resourceId, observedOf(instance));
      }
      return found;
    },
    stock: (tenantId) => stock(rds, tenantId),
  };
}

async function perform(rds: RDSClient, order: Order): Promise<Progress> {
  const { operation, blueprint } = order;
  if (blueprint.type !== "database") throw new Error("An order of another kind.");
  const DBInstanceIdentifier = nameFor(order);
  switch (operation.kind) {
    case "create":
      return await create(rds, order, blueprint.spec);
    case "resize":
      return operation.to.type === "database"
        ? await resize(rds, order, { from: blueprint.spec, to: operation.to.spec })
        : notDone();
    case "start":
      await rds.send(new (await rdsSdk()).StartDBInstanceCommand({ DBInstanceIdentifier }));
      return { is: "under_way", providerId: DBInstanceIdentifier };
    case "stop":
      await rds.send(new (await rdsSdk()).StopDBInstanceCommand({ DBInstanceIdentifier }));
      return { is: "under_way", providerId: DBInstanceIdentifier };
    case "delete":
      return await remove(rds, order);
    case "attach_volume":
    case "detach_volume":
      return notDone();
    default:
      return assertNever(operation);
  }
}

const NO_SUCH_CLASS: Progress = {
  is: "refused",
  refusal: { code: "unsupported_size", message: "AWS has no database with these vCPUs and this memory." },
};

/** RDS has no client tokens: the identifier, made of the resource's id, is what makes it one. */
async function create(rds: RDSClient, order: Order, spec: DatabaseSpec): Promise<Progress> {
  const DBInstanceClass = databaseClassFor(spec.vcpus, spec.memoryGiB);
  if (DBInstanceClass === undefined) return NO_SUCH_CLASS;
  const DBInstanceIdentifier = nameFor(order);
  try {
    await rds.send(
      new (await rdsSdk()).CreateDBInstanceCommand({
        DBInstanceIdentifier,
        DBInstanceClass,
        Engine: spec.engine,
        AllocatedStorage: spec.storageGiB,
        StorageType: "gp3",
        StorageEncrypted: true,
        PubliclyAccessible: false,
        DeletionProtection: false,
        MasterUsername: "administrator",
        ManageMasterUserPassword: true,
        Tags: tagsOf(order),
      }),
    );
  } catch (thrown) {
    if (!isError(thrown, /DBInstanceAlreadyExists/)) throw thrown;
  }
  return { is: "under_way", providerId: DBInstanceIdentifier };
}

async function resize(
  rds: RDSClient,
  order: Order,
  { from, to }: { readonly from: DatabaseSpec; readonly to: DatabaseSpec },
): Promise<Progress> {
  const DBInstanceClass = databaseClassFor(to.vcpus, to.memoryGiB);
  if (DBInstanceClass === undefined) return NO_SUCH_CLASS;
  const DBInstanceIdentifier = nameFor(order);
  await rds.send(
    new (await rdsSdk()).ModifyDBInstanceCommand({
      DBInstanceIdentifier,
      DBInstanceClass,
      ...(to.storageGiB > from.storageGiB ? { AllocatedStorage: to.storageGiB } : {}),
      ApplyImmediately: true,
    }),
  );
  return { is: "under_way", providerId: DBInstanceIdentifier };
}

async function remove(rds: RDSClient, order: Order): Promise<Progress> {
  const DBInstanceIdentifier = nameFor(order);
  try {
    await rds.send(
      new (await rdsSdk()).DeleteDBInstanceCommand({
        DBInstanceIdentifier,
        SkipFinalSnapshot: false,
        FinalDBSnapshotIdentifier: `${DBInstanceIdentifier}-final`,
        DeleteAutomatedBackups: true,
      }),
    );
  } catch (thrown) {
    if (isError(thrown, /DBInstanceNotFound/)) return { is: "done" };
    if ((await find(rds, order))?.DBInstanceStatus !== "deleting") throw thrown;
  }
  return { is: "under_way", providerId: DBInstanceIdentifier };
}

function notDone(): never {
  throw new Error("A database has no such operation.");
}

async function find(rds: RDSClient, thing: Pick<ThingRef, "resourceId">): Promise<DBInstance | undefined> {
  try {
    const { DBInstances = [] } = await rds.send(
      new (await rdsSdk()).DescribeDBInstancesCommand({ DBInstanceIdentifier: nameFor(thing) }),
    );
    return DBInstances[0];
  } catch (thrown) {
    if (isError(thrown, /DBInstanceNotFound/)) return undefined;
    throw thrown;
  }
}

async function stock(rds: RDSClient, tenantId: string): Promise<readonly Stocked[]> {
  const found: DBInstance[] = [];
  let Marker: string | undefined;
  do {
    const page = await rds.send(new (await rdsSdk()).DescribeDBInstancesCommand({ Marker }));
    found.push(...(page.DBInstances ?? []));
    Marker = page.Marker;
  } while (Marker !== undefined);
  return found
    .filter(({ TagList, DBInstanceStatus }) => {
      return tagOf(TagList, TENANT_TAG) === tenantId && DBInstanceStatus !== "deleting";
    })
    .map(({ DBInstanceIdentifier = "", TagList }) => {
      const resourceId = tagOf(TagList, RESOURCE_TAG);
      return { providerId: DBInstanceIdentifier, ...(resourceId === undefined ? {} : { resourceId }) };
    });
}

/** Everything between two states is work in progress: RDS has some thirty names for it. */
function observedOf(instance: DBInstance): Observed {
  const {
    DBInstanceIdentifier = "",
    DBInstanceStatus = "",
    DBInstanceClass,
    Engine = "",
    AllocatedStorage,
  } = instance;
  const size = sizeOf(DBInstanceClass);
  const isFailed = FAILED.test(DBInstanceStatus);
  const isSettled = DBInstanceStatus === "available" || DBInstanceStatus === "stopped";
  return {
    providerId: DBInstanceIdentifier,
    state: isFailed
      ? "failed"
      : !isSettled
        ? "pending"
        : DBInstanceStatus === "stopped"
          ? "stopped"
          : "running",
    ...(size === undefined || AllocatedStorage === undefined
      ? {}
      : { blueprint: { type: "database", spec: { engine: Engine, ...size, storageGiB: AllocatedStorage } } }),
    ...(isFailed ? { reason: { code: "failed", message: `RDS says: ${DBInstanceStatus}.` } } : {}),
  };
}
