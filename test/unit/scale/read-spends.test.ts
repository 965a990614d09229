import { describe, expect, test } from "@jest/globals";
import { guardKey } from "../../../lib/aws/session-guard.ts";
import { sessionKey } from "../../../lib/aws/session-item.ts";
import type { SpentUnits } from "../../../scripts/bench/record-units.ts";
import { actionOf } from "../../../scripts/scale/read-spends.ts";
import { newSession } from "./counted-session.ts";

const session = newSession();
const of = { session, email: "ada@example.com", resourceId: "res_counted" };

const spent = (key: string | undefined, writeUnits: number): SpentUnits => ({
  ...{ table: "active-session-test-sessions", key: key ?? "", sort: "session", readUnits: 1, writeUnits },
});

const spendsOf = (units: readonly SpentUnits[]) =>
  actionOf({ name: "counted", tripsInARow: 1, spent: units }, of).spends.map((spend) => ({
    ...spend,
    collection: spend.collection.name,
  }));

describe("reading what an action has cost by key", () => {
  test("finds keys again among those that the product's key functions make, each collection once", () => {
    const own = sessionKey(session.tenantId, session.sessionId)["pk"]?.S;
    expect(spendsOf([spent(own, 2), spent(own, 1), spent(guardKey(session)["pk"]?.S, 4)])).toEqual([
      { collection: "a session and its state", readUnits: 2, writeUnits: 3 },
      { collection: "a user's guard, attempts and challenges", readUnits: 1, writeUnits: 4 },
    ]);
  });

  test("takes a key that names nobody as one that all tenants share", () => {
    expect(spendsOf([spent("everybody", 1)])).toEqual([
      { collection: "“everybody”, one for all tenants", readUnits: 1, writeUnits: 1 },
    ]);
  });

  test("refuses a tenant's key that no collection makes", () => {
    expect(() => spendsOf([spent(`${session.tenantId}#new`, 1)])).toThrow(
      "counted reaches sessions  ten_counted#new session, which no collection is.",
    );
  });
});
