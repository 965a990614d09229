import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";
import { billingClient, CARD, importSession, send, usageEvent } from "./billing-client.ts";

const app = await startApp({ now: "2026-11-20T09:00:00.000Z" });
afterAll(() => app.stop());

const { july, close, bySchedule } = await billingClient(app);

function event(id: string, meter: string, at: string, value: string) {
  return usageEvent(id, meter, { at, value });
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

  test("has a digest that anybody can make of what the invoice says", async () => {
    const { tenant, operator, owner } = await july();
    await send(owner, event("n1", "network", "2023-07-10T10:00:00Z", "95"));
    const id = (await close(operator, tenant.id))?.invoice?.id;
    const { body } = await owner.request("GET", `/v1/invoices/${id}`);
    const { period, currency, lines, subtotal, tax, total, rateCardVersion, unattributed } = body;
    const content = { period, currency, lines, subtotal, tax, total, rateCardVersion, unattributed };
    const sorted = JSON.stringify(content, (_key, value) =>
      value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
    expect(createHash("sha256").update(sorted).digest("hex")).toBe(body.digest);
  });

  test("U06 has one invoice and one number, though twenty runs close it at once", async () => {
    const { tenant, operator, owner } = await july();
    await send(owner, event("n1", "network", "2023-07-10T10:00:00Z", "10"));
    const runs = await Promise.all(Array.from({ length: 20 }, () => close(operator, tenant.id)));
    expect(new Set(runs.flatMap((run) => run?.invoice?.number ?? []))).toEqual(new Set(["INV-000001"]));
    const [invoice] = await invoices(owner);
    expect(invoice).toMatchObject({ number: "INV-000001", total: "0.90" });
    const path = `/v1/invoices/${invoice?.["id"]}`;
    const read = await Promise.all(Array.from({ length: 20 }, () => owner.request("GET", path)));
    expect(new Set(read.map(({ text }) => text)).size).toBe(1);
    expect(read[0]?.body.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test("U03 U05 gets an adjustment for what comes later, and a credit note for what is taken back", async () => {
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
    await bySchedule("closeMonth");
    expect(await invoices(await app.signIn(tenant.owner))).toMatchObject([{ status: "draft", number: null }]);
    app.clock.advance(11 * 60_000);
    await bySchedule("closeMonth");
    await bySchedule("closeMonth", { again: true });
    expect(await invoices(await app.signIn(tenant.owner))).toMatchObject([
      { id: draft?.invoice?.id, status: "final", number: "INV-000001", total: "1.80" },
    ]);
  });

  test("is taken back when nothing of it is left to bill", async () => {
    const { tenant, operator, owner } = await july();
    const at = new Date(app.clock.now() - 3_600_000).toISOString();
    const [from, to] = [at, new Date(app.clock.now()).toISOString()];
    await importSession(operator, tenant.id, { id: "s9", userId: "bert", from, to });
    await send(owner, usageEvent("n1", "network", { at, value: "10", sessionId: "s9" }));
    const draft = await close(operator, tenant.id, "2026-12");
    expect(draft?.invoice).toMatchObject({ total: "0.90" });
    const body = { source: "/cloud", ids: ["n1"], reason: "Metered by mistake" };
    await owner.request("POST", "/v1/usage/void", { body });
    expect(await close(operator, tenant.id, "2026-12")).toEqual({ tenantId: tenant.id, status: "open" });
    expect(await invoices(owner)).toEqual([]);
    expect((await owner.request("GET", `/v1/invoices/${draft?.invoice?.id}`)).status).toBe(404);
    await send(owner, usageEvent("n2", "network", { at, value: "20", sessionId: "s9" }));
    expect(await close(operator, tenant.id, "2026-12")).toMatchObject({ invoice: { total: "1.80" } });
  });
});

describe("the hourly schedule", () => {
  test("makes up for months that it missed, and leaves alone what is final and has not changed", async () => {
    const { tenant, owner } = await july();
    await send(owner, event("n1", "network", "2023-07-10T10:00:00Z", "10"));
    app.clock.advance(Date.parse("2027-03-05T00:10:00Z") - app.clock.now());
    await app.invoke("rollUpUsage", {});
    await bySchedule("closeMonth");
    const again = await app.signIn(tenant.owner);
    expect(await invoices(again)).toMatchObject([{ month: "2023-07", status: "final", total: "0.90" }]);
    const before = await app.records(tenant.id);
    await bySchedule("closeMonth", { again: true });
    expect(await app.records(tenant.id)).toHaveLength(before.length);
  });

  test("adjusts a final month when its usage has changed, once", async () => {
    const { tenant, operator, owner } = await july();
    await send(owner, event("n1", "network", "2023-07-10T10:00:00Z", "10"));
    await close(operator, tenant.id);
    await send(owner, event("n2", "network", "2023-07-10T10:00:00Z", "10"));
    app.clock.advance(2 * 3_600_000);
    await app.invoke("rollUpUsage", {});
    await bySchedule("closeMonth");
    await bySchedule("closeMonth", { again: true });
    expect(await invoices(await app.signIn(tenant.owner))).toMatchObject([
      { type: "adjustment", number: "INV-000002", total: "0.90" },
      { type: "regular", number: "INV-000001", total: "0.90" },
    ]);
  });
});
