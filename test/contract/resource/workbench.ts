import { randomUUID } from "node:crypto";
import { startTrail, type Trail } from "../../../lib/activity/trail.ts";
import { AppError } from "../../../lib/errors.ts";
import type { Observed, Order, Progress, Provider, Stocked } from "../../../lib/resource/provider.ts";
import type { ReconcileDeps } from "../../../lib/resource/reconcile-resources.ts";
import type { Blueprint, Resource } from "../../../lib/resource/resource.ts";
import { createTables, localClient } from "../../support/dynamodb-local.ts";

/** A provider in memory that a test can break, look into and change behind our back. */
export interface FakeProvider extends Provider {
  readonly things: Map<string, Observed>;
  /** The orders that had an effect, each once. */
  readonly carriedOut: Order[];
  /** What it answers to the next order, instead of carrying it out. */
  next?: "unavailable" | "lost" | Progress;
}

/** Makes everything at once. `lost` carries an order out and loses the answer. */
function fakeProvider(): FakeProvider {
  const things = new Map<string, Observed>();
  const carriedOut: Order[] = [];
  const tokens = new Set<string>();
  const self: FakeProvider = {
    things,
    carriedOut,
    perform: async (order) => {
      const { next } = self;
      delete self.next;
      if (typeof next === "object") return next;
      if (next === "unavailable") throw new AppError("unavailable", "Down.");
      if (!tokens.has(order.token)) {
        tokens.add(order.token);
        carriedOut.push(order);
        effect(things, order);
      }
      if (next === "lost") throw new AppError("unavailable", "The answer was lost.");
      const observed = things.get(order.resourceId);
      return observed === undefined ? { is: "done" } : { is: "done", observed };
    },
    observe: async (wanted) =>
      new Map(
        wanted.flatMap(({ resourceId }) => {
          const observed = things.get(resourceId);
          return observed === undefined ? [] : [[resourceId, observed] as const];
        }),
      ),
    stock: async (): Promise<readonly Stocked[]> =>
      Array.from(things, ([resourceId, { providerId }]) => ({ resourceId, providerId })),
  };
  return self;
}

function effect(things: Map<string, Observed>, { resourceId, operation, blueprint }: Order): void {
  const before = things.get(resourceId) ?? { providerId: `p-${resourceId}`, state: "running", blueprint };
  if (operation.kind === "delete") things.delete(resourceId);
  else if (operation.kind === "stop") things.set(resourceId, { ...before, state: "stopped" });
  else if (operation.kind === "resize") things.set(resourceId, { ...before, blueprint: operation.to });
  else things.set(resourceId, { ...before, state: "running" });
}

export const VM: Blueprint = { type: "vm", spec: { vcpus: 2, memoryGiB: 4, image: "debian-13" } };

/** Tables of its own, the adapters on them, a provider to break, and a clock that stands still until it is moved. */
export async function workbench() {
  const tables = await createTables(`t-${randomUUID()}`);
  Object.assign(process.env, {
    SESSIONS_TABLE: tables.sessions,
    IDENTITY_TABLE: tables.identity,
    ACTIVITY_TABLE: tables.activity,
    BILLING_TABLE: tables.billing,
  });
  const client = localClient();
  const [{ resourceTable }, { orphanTable }, { activityTable }, { newId }] = await Promise.all([
    import("../../../lib/aws/resource-table.ts"),
    import("../../../lib/aws/orphan-table.ts"),
    import("../../../lib/aws/activity-table.ts"),
    import("../../../lib/aws/ids.ts"),
  ]);
  const clock = { nowMs: Date.parse("2026-03-02T09:00:00Z") };
  const now = () => clock.nowMs;
  const provider = fakeProvider();
  const tenantId = newId("ten", now());
  const errors: unknown[] = [];
  const trailOf = (of: {
    action: string;
    resource: { type: string; id: string };
    sessionId?: string;
  }): Trail => {
    const source = of.sessionId === undefined ? "system" : "api";
    const trail = startTrail(
      { now, newId },
      { requestId: "req_1", action: of.action, startedAtMs: now(), ip: "", userAgent: "", source },
    );
    trail.about(of.resource);
    trail.by({
      tenantId,
      actor: { type: "user", id: "usr_1", name: "someone" },
      retentionDays: 1,
      ...(of.sessionId === undefined ? {} : { sessionId: of.sessionId }),
    });
    return trail;
  };
  const deps: ReconcileDeps = {
    resources: resourceTable(client),
    orphans: orphanTable(client),
    providers: async () => provider,
    providerNames: ["local"],
    liveness: { aliveOf: async (_tenantId, ids) => new Set(ids), endedOf: async () => [] },
    systemTrails: { begin: async ({ action, resource }) => trailOf({ action, resource }) },
    onError: (_id, error) => {
      errors.push(error);
    },
    now,
  };
  const records = async () =>
    (await activityTable(client).find({ tenantId, order: "oldest_first", limit: 200 })).records;
  return {
    client,
    tables,
    clock,
    deps,
    provider,
    tenantId,
    newId,
    trailOf,
    records,
    errors,
    close: () => client.destroy(),
  };
}

/** A machine as it is kept while it runs; what a test changes of it comes last. */
export function runningVm(tenantId: string, resourceId: string, change: Partial<Resource> = {}): Resource {
  return {
    tenantId,
    resourceId,
    name: "web-1",
    tags: {},
    blueprint: VM,
    state: "running",
    provider: "local",
    providerId: `p-${resourceId}`,
    ownerId: "usr_1",
    ownerSessionId: "ses_1",
    holders: [],
    volumeIds: [],
    usedBy: [],
    createdAtMs: 1,
    updatedAtMs: 1,
    revision: 1,
    version: 1,
    ...change,
  };
}
