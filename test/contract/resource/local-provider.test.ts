import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { Order } from "../../../lib/resource/provider.ts";
import type { Blueprint, Operation } from "../../../lib/resource/resource.ts";
import { createTables, localClient } from "../../support/dynamodb-local.ts";

const tables = await createTables(`t-${randomUUID()}`);
process.env["SESSIONS_TABLE"] = tables.sessions;
const { localProvider } = await import("../../../lib/aws/provider-local.ts");
const client = localClient();
afterAll(() => client.destroy());

const clock = { nowMs: 1_800_000_000_000 };
const provider = localProvider({
  client,
  now: () => clock.nowMs,
  delayMs: 300,
  capacity: { vcpus: 10, memoryGiB: 40, storageGiB: 100 },
});

const VM: Blueprint = { type: "vm", spec: { vcpus: 4, memoryGiB: 4, image: "debian-13" } };
let count = 0;

function order(change: Partial<Order> & { readonly operation: Operation }): Order {
  count += 1;
  return {
    tenantId: `ten_${count}`,
    resourceId: `res_${String(count).padStart(26, "0")}`,
    blueprint: VM,
    name: "web-1",
    tags: {},
    token: `token-${count}`,
    sinceMs: clock.nowMs,
    providerIds: {},
    ...change,
  };
}

const create = (change: Partial<Order> = {}) => order({ operation: { kind: "create" }, ...change });

async function made(change: Partial<Order> = {}): Promise<Order> {
  const wanted = create(change);
  await provider.perform(wanted);
  clock.nowMs += 300;
  return wanted;
}

const observed = async ({ tenantId, resourceId }: Order) =>
  (await provider.observe([{ tenantId, resourceId, type: "vm" }])).get(resourceId);

describe("the simulated provider", () => {
  test("takes its time to make a thing", async () => {
    const wanted = create();
    expect(await provider.perform(wanted)).toMatchObject({ is: "under_way" });
    clock.nowMs += 299;
    expect(await observed(wanted)).toMatchObject({ state: "pending" });
    clock.nowMs += 1;
    expect(await observed(wanted)).toMatchObject({ state: "running", sinceMs: wanted.sinceMs + 300 });
  });

  test("carries out a token once, also when it comes ten times at once", async () => {
    const tenantId = "ten_once";
    const wanted = create({ tenantId });
    const answers = await Promise.all(Array.from({ length: 10 }, () => provider.perform(wanted)));
    expect(new Set(answers.map(({ is }) => is))).toEqual(new Set(["under_way"]));
    expect(await provider.stock(tenantId)).toHaveLength(1);
    // Its room was taken once: of ten vCPUs there are six left.
    expect(await provider.perform(create({ tenantId }))).toMatchObject({ is: "under_way" });
    expect(await provider.perform(create({ tenantId }))).toMatchObject({ refusal: { code: "capacity" } });
  });

  test("has room for as much as it says, whoever comes at once", async () => {
    const tenantId = "ten_full";
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => provider.perform(create({ tenantId }))),
    );
    expect(answers.filter(({ is }) => is === "under_way")).toHaveLength(2);
    expect(answers.filter(({ is }) => is === "refused")).toHaveLength(3);
  });

  test("gives room back with what is deleted", async () => {
    const thing = await made({ tenantId: "ten_back", blueprint: { type: "volume", spec: { sizeGiB: 100 } } });
    const more = create({ tenantId: "ten_back", blueprint: { type: "volume", spec: { sizeGiB: 1 } } });
    expect(await provider.perform(more)).toMatchObject({ is: "refused" });
    const gone = { ...thing, operation: { kind: "delete" }, token: "gone" } as const;
    expect(await provider.perform(gone)).toEqual({ is: "done" });
    expect(await provider.perform(gone)).toEqual({ is: "done" });
    expect(await provider.perform(more)).toMatchObject({ is: "under_way" });
  });

  test("refuses to grow beyond its room, and keeps what there was", async () => {
    const thing = await made();
    const to: Blueprint = { type: "vm", spec: { vcpus: 11, memoryGiB: 4, image: "debian-13" } };
    expect(
      await provider.perform({ ...thing, operation: { kind: "resize", to }, token: "grow" }),
    ).toMatchObject({
      refusal: { code: "capacity" },
    });
    expect(await observed(thing)).toMatchObject({ blueprint: VM });
  });

  test("fails on demand: at once, while it is made, or at a later operation", async () => {
    const image = (name: string): Blueprint => ({
      type: "vm",
      spec: { vcpus: 1, memoryGiB: 1, image: name },
    });
    expect(await provider.perform(create({ blueprint: image("fail:capacity") }))).toMatchObject({
      refusal: { code: "capacity" },
    });
    expect(await observed(await made({ blueprint: image("fail:hardware") }))).toMatchObject({
      state: "failed",
      reason: { code: "hardware" },
    });
    const thing = await made({ tags: { simulate: "fail:stop" } });
    expect(await observed(thing)).toMatchObject({ state: "running" });
    expect(await provider.perform({ ...thing, operation: { kind: "stop" }, token: "stop" })).toMatchObject({
      refusal: { code: "refused" },
    });
  });

  test("is slow on demand", async () => {
    const thing = await made({ tags: { simulate: "slow:stop" } });
    const slow = { ...thing, operation: { kind: "stop" }, token: "slow", sinceMs: clock.nowMs } as const;
    expect(await provider.perform(slow)).toMatchObject({ is: "under_way" });
    clock.nowMs += 300;
    expect(await provider.perform(slow)).toMatchObject({ is: "done", observed: { state: "stopped" } });
  });

  test("knows nothing of another tenant's things", async () => {
    const thing = await made();
    expect(await provider.observe([{ ...thing, tenantId: "ten_other", type: "vm" }])).toEqual(new Map());
    expect(await provider.stock("ten_other")).toEqual([]);
  });
});
