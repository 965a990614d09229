import { afterAll, describe, expect, test } from "@jest/globals";
import { PLATFORM_TENANT_ID } from "../../../lib/identity/tenant.ts";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp({ now: "2026-11-20T09:00:00.000Z" });
afterAll(() => app.stop());

const platform = await app.tenant({ id: PLATFORM_TENANT_ID });
const operatorUser = await platform.addUser(["owner", "operator"], { totp: true });

const CARD = {
  effectiveFrom: "2020-01-01T00:00:00Z",
  currency: "USD",
  meters: [
    { meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "0.04" },
    {
      meter: "network",
      unit: "GiB",
      model: "graduated",
      tiers: [
        { upTo: "100", unitPrice: "0.09" },
        { upTo: null, unitPrice: "0.085" },
      ],
    },
  ],
};

await (await app.signIn(operatorUser)).request("PUT", "/v1/rate-card", { body: CARD });

/** A tenant with one imported session of July 2023 that held the machine r1 for ten hours. */
async function july() {
  // The operator signs in each time, and a code is good for one sign-in.
  app.clock.advance(60_000);
  const tenant = await app.tenant();
  const operator = await app.signIn(operatorUser);
  const owner = await app.signIn(tenant.owner);
  const imported = await operator.request("POST", "/v1/sessions/import", {
    body: {
      tenantId: tenant.id,
      sessions: [
        { id: "s1", userId: "bert", startedAt: "2023-07-10T08:00:00Z", endedAt: "2023-07-10T20:00:00Z" },
      ],
      attachments: [
        { resourceId: "r1", sessionId: "s1", from: "2023-07-10T09:00:00Z", to: "2023-07-10T19:00:00Z" },
      ],
    },
  });
  expect(imported.status).toBe(200);
  return { tenant, operator, owner };
}

function event(id: string, meter: string, time: string, value: string) {
  const data = meter === "network" ? { value, sessionId: "s1" } : { value };
  return { specversion: "1.0", id, source: "/cloud", type: `usage.${meter}`, subject: "r1", time, data };
}

async function send(owner: SignedIn, ...events: readonly ReturnType<typeof event>[]) {
  const answer = await owner.request("POST", "/v1/usage", {
    body: JSON.stringify(events),
    headers: { "content-type": "application/cloudevents-batch+json" },
  });
  expect(answer.body).toEqual({ accepted: events.length, duplicates: 0, rejected: [] });
}

async function close(operator: SignedIn, tenantId: string, period = "2023-07") {
  app.clock.advance(1);
  const answer = await operator.request("POST", "/v1/billing/runs", { body: { period, tenantId } });
  expect(answer.status).toBe(200);
  return (
    answer.body["runs"] as { status: string; invoice?: { id: string; number: string; total: string } }[]
  )[0];
}

async function invoices(owner: SignedIn) {
  return (await owner.request("GET", "/v1/invoices")).body["items"] as Record<string, unknown>[];
}

describe("a month that is over", () => {
  test("becomes one final invoice that adds up, down to the session", async () => {
    const { tenant, operator, owner } = await july();
    await send(
      owner,
      event("g1", "cpu", "2023-07-10T09:00:00Z", "4"),
      event("n1", "network", "2023-07-10T10:00:00Z", "95"),
    );
    const run = await close(operator, tenant.id);
    expect(run).toMatchObject({
      status: "final",
      invoice: { number: "INV-000001", type: "regular", total: "10.15" },
    });
    const invoice = await owner.request("GET", `/v1/invoices/${run?.invoice?.id}`);
    expect(invoice.body).toMatchObject({
      status: "final",
      month: "2023-07",
      lines: [
        {
          meter: "cpu",
          quantity: "40.000000000",
          amount: "1.60",
          sessions: [{ sessionId: "s1", amount: "1.60" }],
        },
        {
          meter: "network",
          quantity: "95.000000000",
          amount: "8.55",
          sessions: [{ sessionId: "s1", amount: "8.55" }],
        },
      ],
      subtotal: "10.15",
      tax: "0.00",
      total: "10.15",
      rateCardVersion: 1,
    });
  });

  test("has one invoice and one number, though twenty runs close it at once", async () => {
    const { tenant, operator, owner } = await july();
    await send(owner, event("n1", "network", "2023-07-10T10:00:00Z", "10"));
    const runs = await Promise.all(Array.from({ length: 20 }, () => close(operator, tenant.id)));
    expect(new Set(runs.flatMap((run) => run?.invoice?.number ?? []))).toEqual(new Set(["INV-000001"]));
    expect(await invoices(owner)).toMatchObject([{ number: "INV-000001", total: "0.90" }]);
  });

  test("gets an adjustment for what comes later, and a credit note for what is taken back", async () => {
    const { tenant, operator, owner } = await july();
    await send(owner, event("n1", "network", "2023-07-10T10:00:00Z", "95"));
    await close(operator, tenant.id);
    await send(owner, event("n2", "network", "2023-07-10T11:00:00Z", "10"));
    const adjusted = await close(operator, tenant.id);
    expect(adjusted?.invoice).toMatchObject({ number: "INV-000002", type: "adjustment", total: "0.88" });
    const voided = await owner.request("POST", "/v1/usage/void", {
      body: { source: "/cloud", ids: ["n2"], reason: "Metered by mistake" },
    });
    expect(voided.status).toBe(200);
    const credited = await close(operator, tenant.id);
    expect(credited?.invoice).toMatchObject({ number: "INV-000003", type: "credit_note", total: "-0.88" });
    expect((await close(operator, tenant.id))?.invoice).toBeUndefined();
    expect((await invoices(owner)).map(({ type, total }) => [type, total])).toEqual([
      ["credit_note", "-0.88"],
      ["adjustment", "0.88"],
      ["regular", "8.55"],
    ]);
  });

  test("is rated on the card that its final invoice was rated with", async () => {
    const { tenant, operator, owner } = await july();
    await send(owner, event("n1", "network", "2023-07-10T10:00:00Z", "10"));
    await close(operator, tenant.id);
    const dearer = { ...CARD, effectiveFrom: "2023-01-01T00:00:00Z", taxRate: "0.5" };
    expect((await operator.request("PUT", "/v1/rate-card", { body: dearer })).status).toBe(200);
    expect((await close(operator, tenant.id))?.invoice).toBeUndefined();
    const back = { ...CARD, effectiveFrom: "2023-01-01T00:00:00.001Z" };
    expect((await operator.request("PUT", "/v1/rate-card", { body: back })).status).toBe(200);
  });

  test("without usage makes no invoice", async () => {
    const { tenant, operator, owner } = await july();
    expect(await close(operator, tenant.id)).toEqual({ tenantId: tenant.id, status: "final" });
    expect(await invoices(owner)).toEqual([]);
  });
});

describe("a month that still waits for late events", () => {
  test("is a draft, rated anew at each run, and final 72 hours after its end", async () => {
    const { tenant, operator, owner } = await july();
    const day = "2026-11-18T";
    await operator.request("POST", "/v1/sessions/import", {
      body: {
        tenantId: tenant.id,
        sessions: [{ id: "s9", userId: "bert", startedAt: `${day}08:00:00Z`, endedAt: `${day}12:00:00Z` }],
        attachments: [{ resourceId: "r1", sessionId: "s9", from: `${day}08:00:00Z`, to: null }],
      },
    });
    const network = (id: string, value: string) => ({
      ...event(id, "network", `${day}09:00:00Z`, value),
      data: { value, sessionId: "s9" },
    });
    await send(owner, network("n1", "10"));
    const draft = await close(operator, tenant.id, "2026-11");
    expect(draft).toMatchObject({ status: "draft", invoice: { number: null, total: "0.90" } });
    await send(owner, network("n2", "10"));
    expect(await close(operator, tenant.id, "2026-11")).toMatchObject({
      invoice: { id: draft?.invoice?.id, total: "1.80" },
    });
    app.clock.advance(Date.parse("2026-12-03T23:59:00Z") - app.clock.now());
    await app.invoke("closeMonth", {});
    expect(await invoices(await app.signIn(tenant.owner))).toMatchObject([{ status: "draft", number: null }]);
    app.clock.advance(11 * 60_000);
    await app.invoke("closeMonth", {});
    await app.invoke("closeMonth", { again: true });
    expect(await invoices(await app.signIn(tenant.owner))).toMatchObject([
      { id: draft?.invoice?.id, status: "final", number: "INV-000001", total: "1.80" },
    ]);
  });
});
