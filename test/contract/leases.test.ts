import { randomUUID } from "node:crypto";
import type { Lease, Leases } from "../../lib/events/schedule.ts";
import { createTables, localClient } from "../support/dynamodb-local.ts";
import { fakeLeases } from "../support/fake-leases.ts";

const { sessions } = await createTables(`t-${randomUUID()}`);
process.env["SESSIONS_TABLE"] = sessions;
const { leaseCheck, leaseTable } = await import("../../lib/aws/lease-table.ts");
const { transact } = await import("../../lib/aws/transact.ts");
const client = localClient();
afterAll(() => client.destroy());

const CLAIM = { schedule: "sweep", nowMs: 1000, untilMs: 5000, again: false };

describe.each([
  ["in memory", fakeLeases],
  ["in DynamoDB", () => leaseTable(client)],
])("a lease %s", (_where, create: () => Leases) => {
  const leases = create();
  const claim = (period: string, changes: object = {}) => leases.acquire({ ...CLAIM, period, ...changes });
  const leaseOn = async (period: string, changes: object = {}): Promise<Lease> => {
    const lease = await claim(period, changes);
    if (typeof lease === "string") throw new Error(`The lease is ${lease}.`);
    return lease;
  };

  test("belongs to one run of its period and of no other", async () => {
    expect(await claim("2026-03-02T09")).toEqual({
      schedule: "sweep",
      period: "2026-03-02T09",
      fencingToken: 1,
    });
    expect(await claim("2026-03-02T09")).toBe("held");
    expect(await claim("2026-03-02T10")).toMatchObject({ fencingToken: 1 });
  });

  test("goes to one of many that ask at once", async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim("2026-03-02T11")));
    expect(claims.filter((lease) => typeof lease !== "string")).toHaveLength(1);
  });

  test("can be taken over once its time is up, with a greater token", async () => {
    await leaseOn("2026-03-02T12");
    expect(await claim("2026-03-02T12", { nowMs: 4999 })).toBe("held");
    expect(await claim("2026-03-02T12", { nowMs: 5000, untilMs: 9000 })).toMatchObject({ fencingToken: 2 });
  });

  test("is not taken again once it was finished, unless somebody asks for it again", async () => {
    await leases.finish(await leaseOn("2026-03-02T13"), 2000);
    expect(await claim("2026-03-02T13", { nowMs: 9000 })).toBe("finished");
    expect(await claim("2026-03-02T13", { nowMs: 2001, again: true })).toMatchObject({ fencingToken: 2 });
  });

  test("is free at once when its run failed", async () => {
    await leases.release(await leaseOn("2026-03-02T14"));
    expect(await claim("2026-03-02T14", { nowMs: 1001 })).toMatchObject({ fencingToken: 2 });
  });

  test("cannot be finished or let go by a run that lost it", async () => {
    const lost = await leaseOn("2026-03-02T15");
    await claim("2026-03-02T15", { nowMs: 5000, untilMs: 9000 });
    await leases.finish(lost, 5001);
    await leases.release(lost);
    expect(await claim("2026-03-02T15", { nowMs: 5002 })).toBe("held");
  });
});

test("a write that carries a lost lease is refused", async () => {
  const leases = leaseTable(client);
  const lost = await leases.acquire({ ...CLAIM, period: "2026-03-02T16" });
  const held = await leases.acquire({ ...CLAIM, period: "2026-03-02T16", nowMs: 5000, untilMs: 9000 });
  if (typeof lost === "string" || typeof held === "string") throw new Error("There is no lease.");
  await expect(transact(client, [leaseCheck(lost)])).rejects.toThrow("A condition did not hold.");
  await expect(transact(client, [leaseCheck(held)])).resolves.toBeUndefined();
});
