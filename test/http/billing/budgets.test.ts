import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";
import { DAY, HOUR, LONG_SESSIONS, MINUTE, machine, signIn } from "../usage/usage-client.ts";
import { billingClient } from "./billing-client.ts";

const app = await startApp({ now: "2026-11-02T00:00:00.000Z" });
afterAll(() => app.stop());

const CPU = { meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "0.50" };
const { bySchedule } = await billingClient(app, {
  effectiveFrom: "2020-01-01T00:00:00Z",
  currency: "USD",
  meters: [CPU],
});

/** A tenant whose member holds a machine of 2 vCPUs: one dollar an hour. */
async function dollarAnHour(budget: object) {
  const tenant = await app.tenant({ policy: LONG_SESSIONS });
  const owner = await signIn(app, tenant.owner);
  const member = await signIn(app, tenant.member);
  await machine(app, member);
  const put = await owner.request("PUT", "/v1/budgets", { body: budget });
  return { tenant, owner, put };
}

const someone = await signIn(app, (await app.tenant({ policy: LONG_SESSIONS })).owner);

/** An hour of work goes by, and the schedule looks at the budgets. */
async function hourPasses(people: readonly SignedIn[]) {
  for (let minutes = 0; minutes < 60; minutes += 20) {
    app.clock.advance(20 * MINUTE);
    for (const person of people) await person.request("GET", "/v1/me");
  }
  await bySchedule("checkBudgets");
}

const alertsOf = async (owner: SignedIn) =>
  (await owner.request("GET", "/v1/alerts")).body.items as Record<string, unknown>[];

describe("a budget", () => {
  test("raises an alert for each threshold that the month's total reaches, once", async () => {
    const { owner } = await dollarAnHour({ amount: "2.00", thresholds: [0.5, 0.9, 5] });
    await hourPasses([owner]);
    expect(await alertsOf(owner)).toMatchObject([
      {
        rule: "budget.threshold",
        severity: "medium",
        status: "open",
        summary: "2026-11 has cost 1.00 USD so far: 50 % of the budget of 2.00 USD is reached.",
        evidence: [expect.stringMatching(/^act_/)],
      },
    ]);
    await bySchedule("checkBudgets", { again: true });
    expect(await alertsOf(owner)).toHaveLength(1);
    await hourPasses([owner]);
    await bySchedule("checkBudgets", { again: true });
    const alerts = await alertsOf(owner);
    expect(alerts.map(({ summary }) => summary)).toEqual([
      "2026-11 has cost 2.00 USD so far: 90 % of the budget of 2.00 USD is reached.",
      "2026-11 has cost 1.00 USD so far: 50 % of the budget of 2.00 USD is reached.",
    ]);
  });

  test("is read back as it was written, and is not overwritten unseen", async () => {
    const { owner, put } = await dollarAnHour({ amount: "500.00", thresholds: [0.5, "0.8", 1] });
    const read = await owner.request("GET", "/v1/budgets");
    expect([put.status, read.body]).toEqual([200, { amount: "500.00", thresholds: [0.5, 0.8, 1] }]);
    const body = { amount: 600, thresholds: [1] };
    const headers = { "if-match": read.headers["etag"] ?? "" };
    expect((await owner.request("PUT", "/v1/budgets", { body, headers })).body.amount).toBe("600");
    expect((await owner.request("PUT", "/v1/budgets", { body, headers })).status).toBe(412);
  });

  test("is not found before there is one, and not everybody's to set", async () => {
    const tenant = await app.tenant();
    const [owner, reader] = [await app.signIn(tenant.owner), await app.signIn(tenant.reader)];
    expect((await owner.request("GET", "/v1/budgets")).status).toBe(404);
    const body = { amount: "1", thresholds: [1] };
    expect((await reader.request("PUT", "/v1/budgets", { body })).status).toBe(403);
  });

  test.each([
    [{ amount: "0", thresholds: [1] }, "/amount"],
    [{ amount: "-1", thresholds: [1] }, "/amount"],
    [{ amount: "1e3", thresholds: [1] }, "/amount"],
    [{ amount: "1", thresholds: [] }, "/thresholds"],
    [{ amount: "1", thresholds: [0] }, "/thresholds/0"],
    [{ amount: "1", thresholds: [10.1] }, "/thresholds/0"],
    [{ amount: "1", thresholds: [0.8, 0.5] }, "/thresholds"],
    [{ amount: "1", thresholds: [0.5, "0.50"] }, "/thresholds"],
    [{ amount: "1", thresholds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 9.5, 10] }, "/thresholds"],
    [{ amount: "1", thresholds: [1], spent: "0" }, "/spent"],
  ])("%j is refused", async (body, pointer) => {
    const answer = await someone.request("PUT", "/v1/budgets", { body });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
  });
});

describe("a day that costs far more than those before", () => {
  test("raises an alert, once a day", async () => {
    const { tenant, owner } = await dollarAnHour({ amount: "100.00", thresholds: [10] });
    const member = await signIn(app, tenant.member);
    const big = { type: "vm", name: "big", spec: { vcpus: 32, memoryGiB: 1, image: "debian-13" } };
    app.clock.advance(DAY);
    await owner.request("GET", "/v1/me");
    await member.request("POST", "/v1/resources", { body: big });
    app.clock.advance(HOUR);
    await bySchedule("checkBudgets");
    await bySchedule("checkBudgets", { again: true });
    const alerts = await alertsOf(await signIn(app, tenant.owner));
    expect(alerts.map(({ rule }) => rule)).toEqual(["cost.spike"]);
  });
});
