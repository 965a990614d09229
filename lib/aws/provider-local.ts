import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { assertNever } from "../errors.ts";
import type { Observed, Order, Progress, Provider, Refusal, Stocked } from "../resource/provider.ts";
import type { Blueprint, Operation } from "../resource/resource.ts";
import type { EpochMs } from "../time.ts";
import { readRows } from "./caller-reader.ts";
import { dynamoClient, translated } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { document, type Item, number, optionalText, present, text, toAttribute, toItem } from "./item.ts";
import { ConditionRefused, transact } from "./transact.ts";

/** What the simulator needs. */
export interface LocalProviderDeps {
  readonly client: DynamoDBClient;
  readonly now: () => EpochMs;
  /** How long making a thing takes, and everything that is told to be slow. */
  readonly delayMs: number;
  /** What one tenant can have at once. */
  readonly capacity: Demand;
}

/** What a thing takes up. */
export interface Demand {
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly storageGiB: number;
}

/** Room for one tenant: far more than a demo needs, so that the limit is met on purpose. */
const LOCAL_CAPACITY: Demand = { vcpus: 16_384, memoryGiB: 65_536, storageGiB: 4_194_304 };

/** A thing as the simulator keeps it. */
interface Thing {
  readonly resourceId: string;
  readonly blueprint: Blueprint;
  readonly power: "running" | "stopped";
  /** Until then it is at work on it. */
  readonly readyAtMs: EpochMs;
  /** What becomes of it then, where it was told to fail. */
  readonly failsAs?: string;
  /** The order that was carried out last. */
  readonly token: string;
}

/**
 * A provider that is nowhere but in the table: it takes its time, has limited room, and fails when it is told to.
 * A tag `simulate` or an image of the form `fail:capacity` is refused when it is made, `fail:<anything else>` fails
 * while it is made, and `fail:<operation>` and `slow:<operation>` do so with that operation (`fail:resize`).
 */
export function localProvider(deps: LocalProviderDeps): Provider {
  return {
    perform: async (order) => {
      const thing = await readThing(deps, order.tenantId, order.resourceId);
      return thing?.token === order.token ? progressWith(deps, thing) : await carryOut(deps, order, thing);
    },
    observe: async (things) => {
      const found = new Map<string, Observed>();
      for (let from = 0; from < things.length; from += 100) {
        const keys = things.slice(from, from + 100).map((thing) => keyOf(thing.tenantId, thing.resourceId));
        const rows = (await readRows(deps.client, { [env.sessionsTable]: keys }))[env.sessionsTable] ?? [];
        for (const thing of rows.map(thingOf)) found.set(thing.resourceId, observedOf(thing, deps.now()));
      }
      return found;
    },
    stock: (tenantId) => stock(deps.client, tenantId),
  };
}

/** The simulator of a local run. */
export function systemLocalProvider(now: () => EpochMs): Provider {
  return localProvider({
    client: dynamoClient(),
    now,
    delayMs: env.localProviderDelayMs,
    capacity: LOCAL_CAPACITY,
  });
}

async function carryOut(deps: LocalProviderDeps, order: Order, thing: Thing | undefined): Promise<Progress> {
  const { operation } = order;
  const script = scriptOf(order);
  if (operation.kind === "delete") return await remove(deps, order, thing);
  const refusal = refusalOf(operation, script);
  if (refusal !== undefined) return { is: "refused", refusal };
  if (operation.kind === "create") return await create(deps, order, script);
  if (thing === undefined) return { is: "refused", refusal: GONE };
  const isSlow = script === `slow:${operation.kind}`;
  const next: Thing = {
    ...changed(thing, operation),
    token: order.token,
    readyAtMs: isSlow ? order.sinceMs + deps.delayMs : order.sinceMs,
  };
  return await replace(deps, { order, before: thing, next });
}

const GONE: Refusal = { code: "gone", message: "The provider does not have it any more." };

const NO_ROOM: Refusal = { code: "capacity", message: "The provider has no capacity for this." };

function scriptOf({ tags, blueprint }: Order): string {
  const tag = tags["simulate"];
  if (tag !== undefined) return tag;
  if (blueprint.type === "vm") return blueprint.spec.image;
  return blueprint.type === "instance_group" ? blueprint.spec.template.image : "";
}

function refusalOf({ kind }: Operation, script: string): Refusal | undefined {
  if (kind === "create" && script === "fail:capacity") return NO_ROOM;
  if (script === `fail:${kind}`) return { code: "refused", message: `The provider refuses: ${kind}.` };
  return undefined;
}

/** Operations that a thing meets after it was made: told to fail at one of these, it is made without fail. */
const LATER: ReadonlySet<string> = new Set(
  (["resize", "start", "stop", "delete", "attach_volume", "detach_volume"] as const).map(
    (kind) => `fail:${kind}`,
  ),
);

async function create(deps: LocalProviderDeps, order: Order, script: string): Promise<Progress> {
  const thing: Thing = {
    resourceId: order.resourceId,
    blueprint: order.blueprint,
    power: "running",
    readyAtMs: order.sinceMs + deps.delayMs,
    token: order.token,
    ...(script.startsWith("fail:") && !LATER.has(script) ? { failsAs: script.slice("fail:".length) } : {}),
  };
  const put: TransactWriteItem = {
    Put: {
      TableName: env.sessionsTable,
      Item: itemOf(order.tenantId, thing),
      ConditionExpression: "attribute_not_exists(pk)",
    },
  };
  const demand = demandOf(order.blueprint);
  try {
    await transact(deps.client, [put, ...reserve(deps, order.tenantId, demand)]);
    return progressWith(deps, thing);
  } catch (thrown) {
    if (!(thrown instanceof ConditionRefused)) throw thrown;
    if (!thrown.refused.has(0)) return { is: "refused", refusal: NO_ROOM };
    // Made by another run of the same order: there is one thing of one resource.
    const made = await readThing(deps, order.tenantId, order.resourceId);
    return made === undefined ? { is: "refused", refusal: GONE } : progressWith(deps, made);
  }
}

async function replace(
  deps: LocalProviderDeps,
  { order, before, next }: { readonly order: Order; readonly before: Thing; readonly next: Thing },
): Promise<Progress> {
  const more = difference(demandOf(next.blueprint), demandOf(before.blueprint));
  const put: TransactWriteItem = {
    Put: {
      TableName: env.sessionsTable,
      Item: itemOf(order.tenantId, next),
      ConditionExpression: "#token = :before",
      ExpressionAttributeNames: { "#token": "token" },
      ExpressionAttributeValues: { ":before": { S: before.token } },
    },
  };
  try {
    await transact(deps.client, [put, ...reserve(deps, order.tenantId, more)]);
    return progressWith(deps, next);
  } catch (thrown) {
    if (!(thrown instanceof ConditionRefused)) throw thrown;
    return thrown.refused.has(0)
      ? { is: "refused", refusal: { code: "busy", message: "The provider is at work on it: try again." } }
      : { is: "refused", refusal: NO_ROOM };
  }
}

async function remove(deps: LocalProviderDeps, order: Order, thing: Thing | undefined): Promise<Progress> {
  const refusal = refusalOf(order.operation, scriptOf(order));
  if (refusal !== undefined) return { is: "refused", refusal };
  if (thing === undefined) return { is: "done" };
  const gone: TransactWriteItem = {
    Delete: {
      TableName: env.sessionsTable,
      Key: keyOf(order.tenantId, order.resourceId),
      ConditionExpression: "attribute_exists(pk)",
    },
  };
  const less = difference({ vcpus: 0, memoryGiB: 0, storageGiB: 0 }, demandOf(thing.blueprint));
  try {
    await transact(deps.client, [gone, ...reserve(deps, order.tenantId, less)]);
  } catch (thrown) {
    // Another run of the same order has deleted it.
    if (!(thrown instanceof ConditionRefused)) throw thrown;
  }
  return { is: "done" };
}

function changed(thing: Thing, operation: Exclude<Operation, { kind: "create" | "delete" }>): Thing {
  switch (operation.kind) {
    case "resize":
      return { ...thing, blueprint: operation.to };
    case "start":
      return { ...thing, power: "running" };
    case "stop":
      return { ...thing, power: "stopped" };
    case "attach_volume":
    case "detach_volume":
      return thing;
    default:
      return assertNever(operation);
  }
}

function progressWith({ now }: LocalProviderDeps, thing: Thing): Progress {
  const observed = observedOf(thing, now());
  if (observed.state === "pending") return { is: "under_way", providerId: observed.providerId };
  if (observed.reason !== undefined) return { is: "refused", refusal: observed.reason };
  return { is: "done", observed };
}

function observedOf(thing: Thing, nowMs: EpochMs): Observed {
  const providerId = providerIdOf(thing.resourceId);
  const { blueprint, readyAtMs } = thing;
  if (nowMs < readyAtMs) return { providerId, state: "pending", blueprint };
  if (thing.failsAs !== undefined) {
    const reason = { code: thing.failsAs, message: `The provider could not make it: ${thing.failsAs}.` };
    return { providerId, state: "failed", sinceMs: readyAtMs, blueprint, reason };
  }
  return { providerId, state: thing.power, sinceMs: readyAtMs, blueprint };
}

function providerIdOf(resourceId: string): string {
  return `local-${resourceId.slice(-12)}`;
}

/* ---- room ---- */

function demandOf(blueprint: Blueprint): Demand {
  switch (blueprint.type) {
    case "vm":
      return { ...blueprint.spec, storageGiB: 0 };
    case "volume":
      return { vcpus: 0, memoryGiB: 0, storageGiB: blueprint.spec.sizeGiB };
    case "database":
      return blueprint.spec;
    case "instance_group": {
      const { template, desired } = blueprint.spec;
      return { vcpus: template.vcpus * desired, memoryGiB: template.memoryGiB * desired, storageGiB: 0 };
    }
    case "load_balancer":
      return { vcpus: 0, memoryGiB: 0, storageGiB: 0 };
    default:
      return assertNever(blueprint);
  }
}

function difference(to: Demand, from: Demand): Demand {
  return {
    vcpus: to.vcpus - from.vcpus,
    memoryGiB: to.memoryGiB - from.memoryGiB,
    storageGiB: to.storageGiB - from.storageGiB,
  };
}

/** Takes room, or gives it back where the demand is below zero; refused where there is not enough. */
function reserve({ capacity }: LocalProviderDeps, tenantId: string, demand: Demand): TransactWriteItem[] {
  const dimensions = (["vcpus", "memoryGiB", "storageGiB"] as const).filter((name) => demand[name] !== 0);
  if (dimensions.length === 0) return [];
  const growing = dimensions.filter((name) => demand[name] > 0);
  const fits = growing.map((name) =>
    demand[name] > capacity[name]
      ? "attribute_exists(neverThere)"
      : `(attribute_not_exists(${name}) OR ${name} <= :room_${name})`,
  );
  return [
    {
      Update: {
        TableName: env.sessionsTable,
        Key: { pk: { S: partitionOf(tenantId) }, sk: { S: "capacity" } },
        UpdateExpression: `ADD ${dimensions.map((name) => `${name} :${name}`).join(", ")}`,
        ...(fits.length === 0 ? {} : { ConditionExpression: fits.join(" AND ") }),
        ExpressionAttributeValues: Object.fromEntries([
          ...dimensions.map((name) => [`:${name}`, toAttribute(demand[name])] as const),
          ...growing
            .filter((name) => demand[name] <= capacity[name])
            .map((name) => [`:room_${name}`, toAttribute(capacity[name] - demand[name])] as const),
        ]),
      },
    },
  ];
}

/* ---- rows ---- */

function partitionOf(tenantId: string): string {
  return `${tenantId}#local`;
}

function keyOf(tenantId: string, resourceId: string): Item {
  return { pk: { S: partitionOf(tenantId) }, sk: { S: resourceId } };
}

function itemOf(tenantId: string, thing: Thing): Item {
  return toItem({ pk: partitionOf(tenantId), sk: thing.resourceId, ...thing });
}

function thingOf(item: Item): Thing {
  return {
    resourceId: text(item, "resourceId"),
    blueprint: document<Blueprint>(item, "blueprint"),
    power: text(item, "power") === "stopped" ? "stopped" : "running",
    readyAtMs: number(item, "readyAtMs"),
    ...present("failsAs", optionalText(item, "failsAs")),
    token: text(item, "token"),
  };
}

async function readThing(
  { client }: LocalProviderDeps,
  tenantId: string,
  resourceId: string,
): Promise<Thing | undefined> {
  try {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: env.sessionsTable,
        Key: keyOf(tenantId, resourceId),
        ConsistentRead: true,
      }),
    );
    return Item === undefined ? undefined : thingOf(Item);
  } catch (thrown) {
    throw translated(thrown);
  }
}

async function stock(client: DynamoDBClient, tenantId: string): Promise<readonly Stocked[]> {
  const found: Stocked[] = [];
  let startKey: Item | undefined;
  try {
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: env.sessionsTable,
          KeyConditionExpression: "pk = :tenant AND begins_with(sk, :res)",
          ExpressionAttributeValues: { ":tenant": { S: partitionOf(tenantId) }, ":res": { S: "res_" } },
          ConsistentRead: true,
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      found.push(
        ...Items.map(thingOf).map(({ resourceId }) => ({ resourceId, providerId: providerIdOf(resourceId) })),
      );
      startKey = LastEvaluatedKey;
    } while (startKey !== undefined);
  } catch (thrown) {
    throw translated(thrown);
  }
  return found;
}
