import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, describe, expect, test } from "@jest/globals";
import { advanceResource } from "../../../lib/resource/advance-resource.ts";
import { reconcileResources } from "../../../lib/resource/reconcile-resources.ts";
import type { Resource } from "../../../lib/resource/resource.ts";
import { stopResource } from "../../../lib/resource/stop-resource.ts";
import { begun } from "../../../lib/resource/transitions.ts";
import { runningVm, VM, workbench } from "./workbench.ts";

// The workflow on the real table, with a provider that fails at any step.
const bench = await workbench();
afterAll(() => bench.close());

const { deps, provider, tenantId, clock } = bench;
const BY = { sessionId: "ses_1", requestId: "req_1", ip: "", userAgent: "" };
const TWENTY_SECONDS = 20_000;

/** Keeps a machine as a test wants it, and has the provider run it. */
async function kept(change: Partial<Resource> = {}): Promise<Resource> {
  const vm = runningVm(tenantId, bench.newId("res", clock.nowMs), change);
  await deps.resources.save({ after: vm, atMs: clock.nowMs, readings: [] }, {});
  if (vm.pending === undefined)
    provider.things.set(vm.resourceId, { providerId: "p", state: "running", blueprint: VM });
  return vm;
}

/** A machine whose creation was begun, by a process that has died since. */
async function abandoned(): Promise<Resource> {
  const { providerId: _providerId, ...vm } = runningVm(tenantId, bench.newId("res", clock.nowMs));
  const begins = begun(
    { ...vm, state: "provisioning", version: 0 },
    { kind: "create" },
    { by: BY, atMs: clock.nowMs },
  );
  await deps.resources.save({ after: begins, atMs: clock.nowMs, readings: [] }, {});
  return begins;
}

const reread = async ({ resourceId }: Resource) => await deps.resources.get(tenantId, resourceId);

const recordsOf = async ({ resourceId }: Resource) =>
  (await bench.records()).filter(({ resource }) => resource?.id === resourceId);

async function levels({ resourceId }: Resource): Promise<unknown[]> {
  const { Items = [] } = await bench.client.send(
    new QueryCommand({
      TableName: bench.tables.billing,
      IndexName: "usage-index",
      KeyConditionExpression: "usageKey = :series",
      ExpressionAttributeValues: { ":series": { S: `${tenantId}#${resourceId}#cpu` } },
    }),
  );
  return Items.map((item) => item["value"]?.S);
}

const stop = (vm: Resource) =>
  stopResource(deps, {
    tenantId,
    resourceId: vm.resourceId,
    origin: BY,
    trail: bench.trailOf({
      action: "vm:stop",
      resource: { type: "vm", id: vm.resourceId },
      sessionId: "ses_1",
    }),
    permit: () => undefined,
  });

describe("an operation that its process did not finish", () => {
  test("is taken further by the schedule, once, on record", async () => {
    const vm = await abandoned();
    await reconcileResources(deps, tenantId);
    await reconcileResources(deps, tenantId);
    expect(await reread(vm)).toMatchObject({ state: "running", providerId: `p-${vm.resourceId}` });
    expect((await recordsOf(vm)).map(({ action }) => action)).toEqual(["vm:provision"]);
    expect(await levels(vm)).toEqual(["2"]);
  });

  test("has one effect where the provider's answer was lost", async () => {
    const vm = await abandoned();
    provider.next = "lost";
    await expect(advanceResource(deps, vm)).rejects.toThrow("The answer was lost.");
    await reconcileResources(deps, tenantId);
    expect(provider.carriedOut.filter(({ resourceId }) => resourceId === vm.resourceId)).toHaveLength(1);
    expect(await reread(vm)).toMatchObject({ state: "running" });
  });

  test("is settled once by ten that find it at the same time", async () => {
    const vm = await abandoned();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => advanceResource(deps, vm)));
    expect(outcomes.map(({ resource }) => resource.state)).toEqual(Array(10).fill("running"));
    expect(await recordsOf(vm)).toHaveLength(1);
    expect(await levels(vm)).toEqual(["2"]);
  });

  test("is left alone while its request may still be at work on it", async () => {
    const vm = await kept();
    provider.next = "unavailable";
    await expect(stop(vm)).rejects.toMatchObject({ code: "unavailable" });
    expect(await reread(vm)).toMatchObject({ state: "running", pending: { operation: { kind: "stop" } } });
    clock.nowMs += 9999;
    await reconcileResources(deps, tenantId);
    expect(await reread(vm)).toMatchObject({ state: "running" });
    clock.nowMs += 1;
    await reconcileResources(deps, tenantId);
    expect(await reread(vm)).toMatchObject({ state: "stopped" });
    expect((await recordsOf(vm)).map(({ action, outcome }) => [action, outcome])).toEqual([
      ["vm:stop", "success"],
    ]);
    expect(await levels(vm)).toEqual(["0"]);
  });

  test("is failed, on record, where the provider says no", async () => {
    const vm = await abandoned();
    provider.next = { is: "refused", refusal: { code: "capacity", message: "There is no room." } };
    await reconcileResources(deps, tenantId);
    expect(await reread(vm)).toMatchObject({ state: "failed", failure: { code: "capacity" } });
    expect(await recordsOf(vm)).toEqual([
      expect.objectContaining({
        action: "vm:provision",
        outcome: "error",
        errorCode: "provider.capacity",
        attributes: { reason: "There is no room." },
      }),
    ]);
    expect(await levels(vm)).toEqual([]);
  });

  test("does not stop the others where its provider fails", async () => {
    const [first, second] = [await abandoned(), await abandoned()];
    provider.next = "unavailable";
    await reconcileResources(deps, tenantId);
    const states = await Promise.all([first, second].map(async (vm) => (await reread(vm))?.state));
    expect(states.sort()).toEqual(["provisioning", "running"]);
  });
});

describe("what the provider has", () => {
  test("counts over what was thought, on record and in the gauges", async () => {
    const vm = await kept();
    provider.things.set(vm.resourceId, { providerId: "p", state: "stopped", blueprint: VM });
    await reconcileResources(deps, tenantId);
    await reconcileResources(deps, tenantId);
    expect(await reread(vm)).toMatchObject({ state: "stopped", revision: 1 });
    expect(await recordsOf(vm)).toEqual([
      expect.objectContaining({
        action: "vm:drift",
        changes: [{ path: "/state", from: "running", to: "stopped" }],
      }),
    ]);
    expect(await levels(vm)).toEqual(["0"]);
  });

  test("makes a resource failed that is gone", async () => {
    const vm = await kept();
    provider.things.delete(vm.resourceId);
    await reconcileResources(deps, tenantId);
    expect(await reread(vm)).toMatchObject({ state: "failed", failure: { code: "gone" } });
  });

  test("is another size, where somebody resized it elsewhere", async () => {
    const vm = await kept();
    const blueprint = { type: "vm", spec: { image: "debian-13", memoryGiB: 8, vcpus: 4 } } as const;
    provider.things.set(vm.resourceId, { providerId: "p", state: "running", blueprint });
    await reconcileResources(deps, tenantId);
    expect(await reread(vm)).toMatchObject({ blueprint });
    expect(await levels(vm)).toEqual(["4"]);
  });

  test("and nobody knows is put on record once, and left alone", async () => {
    const orphan = bench.newId("res", clock.nowMs);
    provider.things.set(orphan, { providerId: "p-orphan", state: "running" });
    await reconcileResources(deps, tenantId);
    await reconcileResources(deps, tenantId);
    expect((await bench.records()).filter(({ action }) => action === "resource:orphaned")).toEqual([
      expect.objectContaining({
        resource: { type: "resource", id: orphan },
        attributes: { providerId: "p-orphan" },
      }),
    ]);
    expect(provider.things.has(orphan)).toBe(true);
  });

  test("and should be gone is deleted again", async () => {
    const vm = await kept({ state: "deleted" });
    await reconcileResources(deps, tenantId);
    expect(provider.things.has(vm.resourceId)).toBe(false);
  });
});

describe("the request that begins an operation", () => {
  test("settles it also where somebody else writes the resource meanwhile, with one record", async () => {
    const vm = await kept();
    const { perform } = provider;
    provider.perform = async (order) => {
      const now = await reread(vm);
      if (now !== undefined) {
        const after = { ...now, version: now.version + 1, holders: [{ sessionId: "ses_9", fromAtMs: 1 }] };
        await deps.resources.save({ before: now, after, atMs: clock.nowMs, readings: [] }, {});
      }
      provider.perform = perform;
      return await perform(order);
    };
    expect(await stop(vm)).toMatchObject({ state: "stopped" });
    expect(await reread(vm)).toMatchObject({
      state: "stopped",
      holders: [{ sessionId: "ses_9" }, { sessionId: "ses_1" }],
    });
    expect((await recordsOf(vm)).map(({ action }) => action)).toEqual(["vm:stop"]);
  });

  test("has the provider to itself for ten seconds", async () => {
    const vm = await kept();
    const begins = begun(vm, { kind: "stop" }, { by: BY, atMs: clock.nowMs });
    await deps.resources.save({ before: vm, after: begins, atMs: clock.nowMs, readings: [] }, {});
    const other = { ...BY, sessionId: "ses_2" };
    const attempt = () =>
      stopResource(deps, {
        ...{ tenantId, resourceId: vm.resourceId, origin: other, permit: () => undefined },
        trail: bench.trailOf({
          action: "vm:stop",
          resource: { type: "vm", id: vm.resourceId },
          sessionId: "ses_2",
        }),
      });
    await expect(attempt()).rejects.toMatchObject({ code: "conflict" });
    clock.nowMs += TWENTY_SECONDS;
    expect(await attempt()).toMatchObject({ state: "stopped" });
  });
});
