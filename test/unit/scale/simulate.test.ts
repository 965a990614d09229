import { describe, expect, test } from "@jest/globals";
import { entryUnits, rowUnits } from "../../../scripts/bench/write-units.ts";
import type { Action, Counted } from "../../../scripts/scale/action.ts";
import { COLLECTIONS, type Collection } from "../../../scripts/scale/collections.ts";
import { heat } from "../../../scripts/scale/heat.ts";
import { LOAD, type Load, ratesOf } from "../../../scripts/scale/load.ts";
import { population } from "../../../scripts/scale/population.ts";
import { simulate } from "../../../scripts/scale/simulate.ts";
import { newSession } from "./counted-session.ts";

const of: Counted = { session: newSession(), email: "ada@example.com", resourceId: "res_counted" };
const load: Load = { ...LOAD, tenants: 1000, activeSessions: 100_000, usageEventsPerSecond: 10_000 };

const named = (name: string): Collection => {
  const found = COLLECTIONS.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

/** An action that takes one unit of each from what a request reads and writes. */
function action(name: string, collections: readonly Collection[]): Action {
  const spends = collections.map((collection) => ({ collection, readUnits: 1, writeUnits: 2 }));
  return { name, tripsInARow: 1, records: [], spends, of };
}

describe("simulating the heat of keys", () => {
  const read = action("read on record", [named("a session and its state"), named("a tenant's own row")]);

  test("gives the same for the same seed, and something else for another", () => {
    const first = simulate([read], { load, seconds: 1 });
    expect(simulate([read], { load, seconds: 1 })).toEqual(first);
    expect(simulate([read], { load: { ...load, seed: 2 }, seconds: 1 })).not.toEqual(first);
  });

  test.each([0.25, 1, 3])("loses nothing on the way to the keys, drawn from %d seconds", (seconds) => {
    const { collections, readUnits, writeUnits } = simulate([read], { load, seconds });
    // 1,000 requests a second, of which 55 % are reads: two units to write and one to read of two rows each.
    expect(readUnits).toBeCloseTo(1100, 6);
    expect(writeUnits).toBeCloseTo(2200, 6);
    expect(collections.reduce((sum, one) => sum + one.writeUnits, 0)).toBeCloseTo(2200, 6);
  });

  test("finds the key that all share, and says how far the load may go", () => {
    const shared: Collection = { name: "shared", table: "billing", spread: "row", keyOf: () => "one" };
    const { collections } = simulate([action("read on record", [shared, named("a session and its state")])], {
      load: { ...load, activeSessions: 10_000_000 },
      seconds: 0.05,
    });
    const [hottest, ...others] = collections;
    expect(hottest?.collection.name).toBe("shared");
    expect(hottest?.hottest.key).toBe("one");
    expect(hottest?.hottest.writeUnits).toBeCloseTo(110_000, 3);
    expect([hottest?.partitionsWanted, hottest?.keysOver]).toEqual([110, 1]);
    expect(hottest?.limitAt).toBeCloseTo(1 / 110, 6);
    expect(others.every(({ limitAt }) => limitAt > 1)).toBe(true);
  });

  test("gives the largest tenant its share of what its row is asked for", () => {
    const { collections } = simulate([action("read on record", [named("a tenant's own row")])], {
      load: { ...load, activeSessions: 1_000_000 },
      seconds: 1,
    });
    const [row] = collections;
    expect(row?.hottest.key).toBe(population(load).tenantId(0));
    // A fifth of 5,500 reads.
    expect(row?.hottest.readUnits).toBeGreaterThan(1000);
    expect(row?.hottest.readUnits).toBeLessThan(1200);
  });

  test("spreads active sessions over as many keys as the product has for them", () => {
    const { collections } = simulate([action("last seen", [named("active sessions by their end")])], {
      load,
      seconds: 10,
    });
    expect(collections[0]?.keys).toBe(32);
  });
});

describe("counting the units of a write", () => {
  const index = { hash: "userKey", range: "sort", holds: "KEYS_ONLY" } as const;
  const row = (sort: string, more = "") => ({
    pk: { S: "p" },
    sk: { S: "s" },
    userKey: { S: "u" },
    sort: { S: sort },
    more: { S: more },
  });

  test("takes a unit for each KiB begun, of the larger of before and after", () => {
    expect(rowUnits(undefined, row("a"))).toBe(1);
    expect(rowUnits(row("a", "x".repeat(1100)), row("a"))).toBe(2);
    expect(rowUnits(row("a"), row("a", "x".repeat(2100)))).toBe(3);
  });

  test("takes nothing where an entry stays as it was, one where it comes or goes, two where it moves", () => {
    expect(entryUnits(index, row("a"), row("a", "changed"))).toBe(0);
    expect(entryUnits({ ...index, holds: "ALL" }, row("a"), row("a", "changed"))).toBe(1);
    expect(entryUnits(index, undefined, row("a", "x".repeat(5000)))).toBe(1);
    expect(entryUnits(index, row("a"), row("b"))).toBe(2);
    expect(entryUnits(index, row("a"), { pk: { S: "p" }, sk: { S: "s" } })).toBe(1);
  });
});

describe("the heat of keys", () => {
  test("measures reads and writes by their own limits", () => {
    const counted = heat();
    const one: Collection = { name: "one", table: "identity", spread: "row", keyOf: () => "" };
    counted.add(one, "read", { readUnits: 1500, writeUnits: 0 });
    counted.add(one, "written", { readUnits: 0, writeUnits: 400 });
    counted.add(one, "written", { readUnits: 300, writeUnits: 400 });
    expect(counted.collections()).toEqual([
      {
        collection: one,
        ...{ readUnits: 1800, writeUnits: 800, keys: 2, partitionsWanted: 1, limitAt: 1.25, keysOver: 0 },
        hottest: { key: "written", readUnits: 300, writeUnits: 800 },
      },
    ]);
  });
});

test("rates follow from people: two million at work ask every 20 s, and are seen once a minute", () => {
  const rates = ratesOf(LOAD);
  expect(rates.get("read on record")).toBeCloseTo(55_000, 6);
  expect(rates.get("last seen")).toBeCloseTo(33_333.33, 1);
  expect(rates.get("refresh")).toBeCloseTo(6666.67, 1);
  expect(rates.get("usage batch of 100")).toBe(10_000);
});
