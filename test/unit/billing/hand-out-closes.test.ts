import type { Chore } from "../../../lib/billing/chore.ts";
import { handOutCloses } from "../../../lib/billing/hand-out-closes.ts";
import type { Tenant } from "../../../lib/identity/tenant.ts";
import { DEFAULT_POLICY } from "../../../lib/session/policy.ts";
import type { LateChange } from "../../../lib/usage/usage-source.ts";

const HOUR_MS = 3_600_000;
const at = (time: string) => Date.parse(time);

const tenant = (tenantId: string, createdAt: string): Tenant => ({
  ...{ tenantId, name: tenantId, status: "active", policy: DEFAULT_POLICY },
  ...{ rolesVersion: 0, version: 1, createdAtMs: at(createdAt) },
});

/** A platform whose chores are done at once, as far as they can be. */
function platform(tenants: readonly Tenant[]) {
  const final = new Set<string>();
  const late: LateChange[] = [];
  const handedOut: string[] = [];
  let closedThrough: string | undefined;
  return {
    ...{ final, late, handedOut, through: () => closedThrough },
    run: async (nowMs: number) => {
      handedOut.length = 0;
      return await handOutCloses(
        {
          graceMs: 72 * HOUR_MS,
          // Two to a page, so that pages are gone through.
          tenants: {
            list: async ({ afterId }) => {
              const from = tenants.findIndex(({ tenantId }) => tenantId === afterId) + 1;
              const page = tenants.slice(from, from + 2);
              const last = page.at(-1)?.tenantId;
              return { tenants: page, ...(from + 2 < tenants.length && last ? { nextAfterId: last } : {}) };
            },
          },
          invoices: {
            finalOf: async (ids, month) => new Set(ids.filter((id) => final.has(`${id} ${month}`))),
          },
          lateChanges: { all: async () => late },
          closedMonths: {
            through: async () => closedThrough,
            settle: async (month) => {
              closedThrough = month;
            },
          },
          chores: {
            add: async (chores: readonly Chore[]) => {
              for (const chore of chores) {
                if (chore.is !== "close") continue;
                handedOut.push(
                  `${chore.tenantId} ${chore.month}${chore.lateToken === undefined ? "" : ` ${chore.lateToken}`}`,
                );
              }
            },
          },
        },
        nowMs,
      );
    },
  };
}

const THREE = ["a", "b", "c"].map((id) => tenant(id, "2026-10-05T00:00:00Z"));

test("the past month of every tenant is handed out until it is final, then nothing more", async () => {
  const { run, handedOut, final, through } = platform(THREE);
  expect(await run(at("2026-11-01T00:10:00Z"))).toBe(3);
  expect(handedOut).toEqual(["a 2026-10", "b 2026-10", "c 2026-10"]);
  for (const id of ["a", "c"]) final.add(`${id} 2026-10`);
  await run(at("2026-11-04T00:10:00Z"));
  expect(handedOut).toEqual(["b 2026-10"]);
  expect(through()).toBe("2026-09");
  final.add("b 2026-10");
  expect(await run(at("2026-11-04T01:10:00Z"))).toBe(0);
  expect(through()).toBe("2026-10");
});

test("months that nobody closed are made up for, however long the schedule stood still", async () => {
  const { run, handedOut, final } = platform(THREE.slice(0, 1));
  final.add("a 2026-10");
  await run(at("2026-11-05T00:10:00Z"));
  expect(await run(at("2027-02-10T00:10:00Z"))).toBe(3);
  expect(handedOut).toEqual(["a 2026-11", "a 2026-12", "a 2027-01"]);
});

test("a first run that comes late begins with the first tenant", async () => {
  const { run, handedOut } = platform([...THREE, tenant("early", "2026-08-31T23:00:00Z")]);
  expect(await run(at("2026-11-04T00:10:00Z"))).toBe(6);
  expect(handedOut).toEqual([
    ...["early 2026-08", "early 2026-09"],
    ...["a 2026-10", "b 2026-10", "c 2026-10", "early 2026-10"],
  ]);
});

test("a month stays open behind one that cannot be closed", async () => {
  const { run, handedOut, final, through } = platform(THREE.slice(0, 1));
  await run(at("2026-11-05T00:10:00Z"));
  final.add("a 2026-11");
  await run(at("2026-12-05T00:10:00Z"));
  expect(handedOut).toEqual(["a 2026-10"]);
  expect(through()).toBe("2026-09");
});

test("no month is handed out from before the tenant came, but for usage that came late", async () => {
  const { run, handedOut, late } = platform([tenant("new", "2026-11-01T00:00:00Z"), ...THREE.slice(0, 1)]);
  late.push({ tenantId: "new", month: "2023-07", token: "t1" });
  await run(at("2026-11-01T00:10:00Z"));
  expect(handedOut).toEqual(["a 2026-10", "new 2023-07 t1"]);
});

test("a late change of a month that is not final goes with it, once", async () => {
  const { run, handedOut, late } = platform(THREE.slice(0, 1));
  late.push({ tenantId: "a", month: "2026-10", token: "t1" });
  expect(await run(at("2026-11-01T01:10:00Z"))).toBe(1);
  expect(handedOut).toEqual(["a 2026-10 t1"]);
});
