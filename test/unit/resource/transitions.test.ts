import { describe, expect, test } from "@jest/globals";
import { dependentIds, usesOf } from "../../../lib/resource/links.ts";
import { readingsBetween } from "../../../lib/resource/metering.ts";
import { progressOf } from "../../../lib/resource/provider.ts";
import type {
  Blueprint,
  Operation,
  Pending,
  Resource,
  ResourceState,
} from "../../../lib/resource/resource.ts";
import {
  accepted,
  begun,
  checkOperation,
  effectiveAtMs,
  isAlready,
  settled,
  undone,
} from "../../../lib/resource/transitions.ts";
import { vm } from "./builders.ts";

const BY = { sessionId: "ses_1", requestId: "req_1", ip: "", userAgent: "" };
const DATABASE: Blueprint = {
  type: "database",
  spec: { engine: "postgres", vcpus: 2, memoryGiB: 8, storageGiB: 50 },
};
const VOLUME: Blueprint = { type: "volume", spec: { sizeGiB: 10 } };

function pendingOf(resource: Resource): Pending {
  if (resource.pending === undefined) throw new Error("Nothing is under way.");
  return resource.pending;
}

describe("an operation", () => {
  test("shows nothing but itself until the provider has spoken", () => {
    const { pending, version, ...begins } = begun(vm(), { kind: "stop" }, { by: BY, atMs: 5000 });
    const { version: _version, ...before } = vm();
    expect(begins).toEqual(before);
    expect(version).toBe(8);
    expect(pending).toEqual({
      operation: { kind: "stop" },
      token: "res_1-8",
      sinceMs: 5000,
      by: BY,
      isAccepted: false,
    });
  });

  test.each<[Operation, Partial<Resource>]>([
    [{ kind: "start" }, { state: "running" }],
    [{ kind: "stop" }, { state: "stopped" }],
    [{ kind: "delete" }, { state: "deleted", holders: [], volumeIds: [] }],
    [
      { kind: "resize", to: VOLUME, name: "new" },
      { blueprint: VOLUME, name: "new", state: "running" },
    ],
    [{ kind: "attach_volume", volumeId: "res_v" }, { volumeIds: ["res_w", "res_v"] }],
    [{ kind: "detach_volume", volumeId: "res_w" }, { volumeIds: [] }],
  ])("is settled: %j", (operation, expected) => {
    const resource = begun(
      vm({ volumeIds: ["res_w"], holders: [{ sessionId: "ses_1", fromAtMs: 1 }] }),
      operation,
      { by: BY, atMs: 5000 },
    );
    const after = settled(resource, pendingOf(resource), { atMs: 6000 });
    expect(after).toMatchObject({ ...expected, revision: 4, version: 9, updatedAtMs: 6000 });
    expect(after).not.toHaveProperty("pending");
  });

  test("is no revision where it makes the resource", () => {
    const resource = begun(vm({ state: "provisioning" }), { kind: "create" }, { by: BY, atMs: 5000 });
    const observed = { providerId: "p-1", state: "running" } as const;
    expect(settled(resource, pendingOf(resource), { observed, atMs: 6000 })).toMatchObject({
      ...{ state: "running", revision: 3, providerId: "p-1" },
    });
  });

  test("is undone to what there was, and makes failed what there was not", () => {
    const refused = { refusal: { code: "capacity", message: "No room." }, atMs: 6000 };
    const stopping = begun(vm(), { kind: "stop" }, { by: BY, atMs: 5000 });
    expect(undone(stopping, pendingOf(stopping), refused)).toMatchObject({
      ...{ state: "running", revision: 3, version: 9, failure: { code: "capacity", atMs: 6000 } },
    });
    const making = begun(vm({ state: "provisioning" }), { kind: "create" }, { by: BY, atMs: 5000 });
    expect(undone(making, pendingOf(making), refused)).toMatchObject({ state: "failed" });
  });

  test("stays under way once the provider has taken it on", () => {
    const resource = begun(vm(), { kind: "stop" }, { by: BY, atMs: 5000 });
    expect(accepted(resource, pendingOf(resource), "p-1")).toMatchObject({
      ...{ state: "running", providerId: "p-1", version: 9, pending: { isAccepted: true } },
    });
  });

  test.each([
    [undefined, 9000],
    [4000, 5000],
    [6000, 6000],
    [10_000, 9000],
  ])(
    "takes effect when the provider says, %p, but neither before it was asked nor in the future",
    (sinceMs, at) => {
      const pending = pendingOf(begun(vm(), { kind: "stop" }, { by: BY, atMs: 5000 }));
      const observed = {
        providerId: "p",
        state: "stopped",
        ...(sinceMs === undefined ? {} : { sinceMs }),
      } as const;
      expect(effectiveAtMs(pending, observed, 9000)).toBe(at);
    },
  );
});

describe("what can be done", () => {
  test.each<[Operation["kind"], ResourceState[]]>([
    ["create", []],
    ["resize", ["running", "stopped"]],
    ["start", ["stopped"]],
    ["stop", ["running"]],
    ["delete", ["provisioning", "running", "stopped", "failed"]],
    ["attach_volume", ["running", "stopped"]],
    ["detach_volume", ["running", "stopped"]],
  ])("%s: in %j", (kind, states) => {
    const all: ResourceState[] = ["provisioning", "running", "stopped", "failed", "deleted"];
    const allowed = all.filter((state) => {
      try {
        checkOperation(vm({ state }), kind);
        return true;
      } catch {
        return false;
      }
    });
    expect(allowed).toEqual(states);
  });

  test.each<[Operation["kind"], string]>([
    ["start", "A volume cannot be started or stopped."],
    ["attach_volume", "A volume takes no volumes: only a vm does."],
  ])("with a volume is not %s", (kind, message) => {
    expect(() => checkOperation(vm({ blueprint: VOLUME }), kind)).toThrow(
      expect.objectContaining({ code: "unprocessable", message }),
    );
  });

  test("is nothing, where it is so already and nothing else is under way", () => {
    expect(isAlready(vm(), { kind: "start" })).toBe(true);
    expect(isAlready(vm(), { kind: "stop" })).toBe(false);
    expect(isAlready(vm({ state: "deleted" }), { kind: "delete" })).toBe(true);
    expect(isAlready(vm({ volumeIds: ["res_v"] }), { kind: "attach_volume", volumeId: "res_v" })).toBe(true);
    const stopping = begun(vm(), { kind: "stop" }, { by: BY, atMs: 1 });
    expect(isAlready(stopping, { kind: "start" })).toBe(false);
  });
});

describe("how far the provider is", () => {
  const order = (operation: Operation) => ({ operation, sinceMs: 0 });
  const seen = (state: "pending" | "running" | "stopped" | "failed", blueprint?: Blueprint) => ({
    ...{ providerId: "p", state },
    ...(blueprint === undefined ? {} : { blueprint }),
  });

  test.each<[Operation["kind"], Parameters<typeof seen>[0], string]>([
    ["create", "pending", "under_way"],
    ["create", "running", "done"],
    ["start", "stopped", "under_way"],
    ["start", "running", "done"],
    ["stop", "running", "under_way"],
    ["stop", "stopped", "done"],
    ["stop", "failed", "refused"],
    ["delete", "running", "under_way"],
    ["attach_volume", "pending", "under_way"],
    ["attach_volume", "running", "done"],
  ])("with %s, when a thing is %s: %s", (kind, state, is) => {
    expect(progressOf(order({ kind } as Operation), seen(state), 1).is).toBe(is);
  });

  test("with a new size: done once the thing has it, in whatever order its members come", () => {
    const to: Blueprint = { type: "volume", spec: { sizeGiB: 20 } };
    expect(progressOf(order({ kind: "resize", to }), seen("running", VOLUME), 1).is).toBe("under_way");
    const spec = { storageGiB: 50, memoryGiB: 8, vcpus: 2, engine: "postgres" };
    const same = seen("running", { type: "database", spec });
    expect(progressOf(order({ kind: "resize", to: DATABASE }), same, 1).is).toBe("done");
  });

  test("waits five minutes for a thing to show, and then takes it for gone", () => {
    expect(progressOf(order({ kind: "create" }), undefined, 299_999)).toEqual({ is: "under_way" });
    expect(progressOf(order({ kind: "create" }), undefined, 300_000)).toMatchObject({
      refusal: { code: "gone" },
    });
    expect(progressOf(order({ kind: "delete" }), undefined, 1)).toEqual({ is: "done" });
  });
});

describe("what a resource uses", () => {
  test("are its volumes, alone, from when attaching one began", () => {
    const resource = begun(
      vm({ volumeIds: ["res_v"] }),
      { kind: "attach_volume", volumeId: "res_w" },
      { by: BY, atMs: 1 },
    );
    expect(usesOf(resource)).toEqual([
      { resourceId: "res_v", isExclusive: true },
      { resourceId: "res_w", isExclusive: true },
    ]);
  });

  test("are its targets, with others, those it is to have and those it still has", () => {
    const resource = begun(
      vm({ blueprint: { type: "load_balancer", spec: { targets: ["res_a", "res_b"] } } }),
      { kind: "resize", to: { type: "load_balancer", spec: { targets: ["res_b", "res_c"] } } },
      { by: BY, atMs: 1 },
    );
    expect(usesOf(resource)).toEqual(
      ["res_a", "res_b", "res_c"].map((resourceId) => ({ resourceId, isExclusive: false })),
    );
  });

  test("is nothing once it is deleted", () => {
    expect(usesOf(vm({ state: "deleted", volumeIds: ["res_v"] }))).toEqual([]);
  });

  test("depends on it as much as what uses it", () => {
    expect(dependentIds(vm({ volumeIds: ["res_v"], usedBy: ["res_lb"] }))).toEqual(["res_v", "res_lb"]);
  });
});

describe("the readings of a change", () => {
  const UNIT = 10n ** 18n;
  const levels = (before: Resource | undefined, after: Resource) =>
    Object.fromEntries(readingsBetween(before, after, 9).map(({ meter, level }) => [meter, level]));

  test("are of the levels that moved, under ids that sort by version", () => {
    expect(readingsBetween(vm({ state: "stopped" }), vm({ version: 12 }), 9)).toEqual([
      { id: "res_1.000000012.cpu", resourceId: "res_1", meter: "cpu", atMs: 9, level: 2n * UNIT },
      { id: "res_1.000000012.memory", resourceId: "res_1", meter: "memory", atMs: 9, level: UNIT / 2n },
    ]);
    expect(readingsBetween(vm(), vm({ name: "other" }), 9)).toEqual([]);
  });

  test.each<[ResourceState, object]>([
    ["provisioning", {}],
    ["running", { cpu: 2n * UNIT, memory: 8n * UNIT, storage: 50n * UNIT }],
    ["stopped", { storage: 50n * UNIT }],
    ["failed", {}],
    ["deleted", {}],
  ])("of a database that comes to be %s", (state, expected) => {
    expect(levels(undefined, vm({ blueprint: DATABASE, state }))).toEqual(expected);
  });

  test("of a group count every machine, exactly", () => {
    const template = { vcpus: 1, memoryGiB: 0.1, image: "i" };
    const group: Blueprint = { type: "instance_group", spec: { template, desired: 3, min: 0, max: 9 } };
    expect(levels(undefined, vm({ blueprint: group }))).toEqual({
      cpu: 3n * UNIT,
      memory: (3n * UNIT) / 10n,
    });
  });

  test("of a load balancer are none", () => {
    const balancer: Blueprint = { type: "load_balancer", spec: { targets: [] } };
    expect(levels(undefined, vm({ blueprint: balancer }))).toEqual({});
  });
});
