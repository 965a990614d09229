import { afterAll, describe, expect, test } from "@jest/globals";
import { PLATFORM_TENANT_ID } from "../../../lib/identity/tenant.ts";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const platform = await app.tenant({ id: PLATFORM_TENANT_ID });
const operatorUser = await platform.addUser(["owner", "operator"], { totp: true });

const CARD = {
  currency: "USD",
  meters: [
    { meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "0.04" },
    {
      meter: "network",
      unit: "GiB",
      model: "graduated",
      freeAllowance: "10",
      tiers: [
        { upTo: "100", unitPrice: "0.09" },
        { upTo: null, unitPrice: 0.085 },
      ],
    },
  ],
  taxRate: "0.19",
};

describe("the simulated invoice", () => {
  test("charges for what was used inside the session, to the cent", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const answer = await me.request("POST", "/v1/billing/simulate", {
      body: {
        period: { start: "2026-10-01T00:00:00Z", end: "2026-11-01T00:00:00Z" },
        rateCard: {
          currency: "USD",
          meters: [{ meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "1" }],
        },
        sessions: [
          { id: "s1", userId: "u1", startedAt: "2026-10-05T09:00:00Z", endedAt: "2026-10-05T10:40:00Z" },
        ],
        attachments: [{ resourceId: "r1", sessionId: "s1", from: "2026-10-05T09:30:00Z", to: null }],
        gauges: [
          { id: "g1", resourceId: "r1", meter: "cpu", time: "2026-10-05T09:30:00Z", value: "2" },
          { id: "g2", resourceId: "r1", meter: "cpu", time: "2026-10-05T10:20:00Z", value: "4" },
        ],
        counters: [],
      },
    });
    expect(answer.body).toMatchObject({
      total: "3.00",
      lines: [
        {
          meter: "cpu",
          quantity: "3.000000000",
          amount: "3.00",
          sessions: [{ sessionId: "s1", userId: "u1", quantity: "3.000000000", amount: "3.00" }],
        },
      ],
    });
  });

  test("names what is wrong with a price by its place", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const answer = await me.request("POST", "/v1/billing/simulate", {
      body: {
        period: { start: "2026-10-01T00:00:00Z", end: "2026-11-01T00:00:00Z" },
        rateCard: { currency: "USD", meters: [{ meter: "cpu", unit: "h", model: "flat", unitPrice: "-1" }] },
      },
    });
    expect(answer.status).toBe(400);
    expect(answer.body["errors"]).toMatchObject([{ pointer: "/rateCard/meters/0/unitPrice" }]);
  });
});

describe("the rate card", () => {
  test("is the operator's to change and everybody's to read who may see prices", async () => {
    const operator = await app.signIn(operatorUser);
    const { owner, member } = await app.tenant();
    const put = await operator.request("PUT", "/v1/rate-card", { body: CARD });
    expect(put.body).toMatchObject({ version: 1, currency: "USD", taxRate: "0.19", minimumCharge: "0" });
    const mine = await app.signIn(owner);
    const read = await mine.request("GET", "/v1/rate-card");
    expect(read.body).toMatchObject({ version: 1, meters: [{ unitPrice: "0.04" }, { freeAllowance: "10" }] });
    expect((await mine.request("PUT", "/v1/rate-card", { body: CARD })).status).toBe(403);
    expect((await (await app.signIn(member)).request("GET", "/v1/rate-card")).status).toBe(403);
  });

  test("keeps its versions, and refuses a lost update", async () => {
    const operator = await app.signIn(operatorUser);
    const before = await operator.request("PUT", "/v1/rate-card", { body: CARD });
    const etag = before.headers["etag"] ?? "";
    const headers = { "if-match": etag };
    const dearer = { ...CARD, taxRate: "0.2", effectiveFrom: "2026-12-01T00:00:00Z" };
    const after = await operator.request("PUT", "/v1/rate-card", { body: dearer, headers });
    expect(after.status).toBe(200);
    expect((await operator.request("PUT", "/v1/rate-card", { body: CARD, headers })).status).toBe(412);
    const inForce = await operator.request("GET", "/v1/rate-card");
    expect(inForce.body).toMatchObject({ version: before.body["version"], taxRate: "0.19" });
    expect(inForce.headers["etag"]).toBe(after.headers["etag"]);
    const old = await operator.request("GET", `/v1/rate-card?version=${after.body["version"]}`);
    expect(old.body).toMatchObject({ effectiveFrom: "2026-12-01T00:00:00.000Z", taxRate: "0.2" });
  });
});
