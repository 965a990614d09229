import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { billingClient, send, usageEvent } from "./billing-client.ts";

const app = await startApp({ now: "2026-11-20T09:00:00.000Z" });
afterAll(() => app.stop());

const { july, close } = await billingClient(app);

const network = (id: string, value: string) =>
  usageEvent(id, "network", { at: "2023-07-10T10:00:00Z", value });

describe("a credit", () => {
  test("pays the invoice first, then the adjustment, and the rest is due", async () => {
    const { tenant, operator, owner } = await july();
    const path = `/v1/tenants/${tenant.id}`;
    const granted = await operator.request("POST", `${path}/credits`, {
      body: { amount: "9", reason: "Goodwill" },
    });
    expect(granted.body).toMatchObject({ currency: "USD", amount: "9.00", balance: "9.00", expiresAt: null });
    await send(owner, network("n1", "95"));
    const invoice = (await close(operator, tenant.id))?.invoice;
    expect((await owner.request("GET", `/v1/invoices/${invoice?.id}`)).body).toMatchObject({
      total: "8.55",
      creditsApplied: [{ creditId: granted.body.id, amount: "8.55" }],
      amountDue: "0.00",
    });
    expect((await owner.request("GET", "/v1/billing/preview")).body.creditBalance).toBe("0.45");
    await send(owner, network("n2", "10"));
    const adjustment = (await close(operator, tenant.id))?.invoice;
    expect((await owner.request("GET", `/v1/invoices/${adjustment?.id}`)).body).toMatchObject({
      total: "0.88",
      creditsApplied: [{ creditId: granted.body.id, amount: "0.45" }],
      amountDue: "0.43",
    });
    const { body } = await operator.request("GET", `${path}/billing`);
    expect(body.credits).toMatchObject([{ id: granted.body.id, amount: "9.00", balance: "0.00" }]);
  });

  test("is used once, though twenty runs close the month at once", async () => {
    const { tenant, operator, owner } = await july();
    const path = `/v1/tenants/${tenant.id}`;
    await operator.request("POST", `${path}/credits`, { body: { amount: "5.00", reason: "Goodwill" } });
    await send(owner, network("n1", "10"));
    await Promise.all(Array.from({ length: 20 }, () => close(operator, tenant.id)));
    const { body } = await operator.request("GET", `${path}/billing`);
    expect(body.credits).toMatchObject([{ balance: "4.10" }]);
  });

  test("that has expired pays nothing", async () => {
    const { tenant, operator, owner } = await july();
    const expiresAt = new Date(app.clock.now() + 1).toISOString();
    const body = { amount: "5.00", expiresAt, reason: "Goodwill" };
    await operator.request("POST", `/v1/tenants/${tenant.id}/credits`, { body });
    await send(owner, network("n1", "10"));
    const id = (await close(operator, tenant.id))?.invoice?.id;
    const { body: invoice } = await owner.request("GET", `/v1/invoices/${id}`);
    expect(invoice).toMatchObject({ creditsApplied: [], amountDue: "0.90" });
  });

  test("of no amount, in no currency or already over is refused", async () => {
    const { tenant, operator } = await july();
    const pointers: string[] = [];
    for (const body of [
      { amount: "0", reason: "x" },
      { amount: "1.001", reason: "x" },
      { amount: "-1", reason: "x" },
      { amount: "1", currency: "XXX", reason: "x" },
      { amount: "1", expiresAt: "2020-01-01T00:00:00Z", reason: "x" },
    ]) {
      const answer = await operator.request("POST", `/v1/tenants/${tenant.id}/credits`, { body });
      pointers.push(answer.body.errors[0].pointer);
    }
    expect(pointers).toEqual(["/amount", "/amount", "/amount", "/currency", "/expiresAt"]);
  });
});

describe("a tenant's own prices", () => {
  const override = {
    meters: [{ meter: "network", unit: "GiB", model: "flat", unitPrice: "0.05" }],
    taxRate: "0.1",
  };

  test("take the place of the card's, and stay those of a month that is final", async () => {
    const { tenant, operator, owner } = await july();
    const path = `/v1/tenants/${tenant.id}/billing`;
    const put = await operator.request("PUT", path, { body: { override } });
    expect(put.body.override).toMatchObject({ meters: [{ unitPrice: "0.05" }], taxRate: "0.1" });
    await send(
      owner,
      network("n1", "100"),
      usageEvent("g1", "cpu", { at: "2023-07-10T09:00:00Z", value: "4" }),
    );
    // 40 vCPU-hours at the card's 0.04, 100 GiB at 0.05, and a tenth of both.
    expect((await close(operator, tenant.id))?.invoice).toMatchObject({ total: "7.26" });
    const back = await operator.request("PUT", path, {
      body: { override: {} },
      headers: { "if-match": put.headers["etag"] ?? "" },
    });
    expect(back.body.override).toEqual({});
    await send(owner, network("n2", "100"));
    expect((await close(operator, tenant.id))?.invoice).toMatchObject({ total: "5.50" });
  });

  test("are refused for a meter on no card, and where they have changed since they were read", async () => {
    const { tenant, operator } = await july();
    const path = `/v1/tenants/${tenant.id}/billing`;
    const unknown = { meters: [{ meter: "seats", unit: "seat", model: "flat", unitPrice: "1" }] };
    const answer = await operator.request("PUT", path, { body: { override: unknown } });
    expect([answer.status, answer.body.errors]).toMatchObject([
      400,
      [{ pointer: "/override/meters/0/meter" }],
    ]);
    await operator.request("PUT", path, { body: { override } });
    const stale = await operator.request("PUT", path, { body: { override }, headers: { "if-match": '"0"' } });
    expect(stale.status).toBe(412);
  });

  test("are the operator's alone", async () => {
    const { tenant, owner } = await july();
    const path = `/v1/tenants/${tenant.id}`;
    const answers = [
      await owner.request("GET", `${path}/billing`),
      await owner.request("PUT", `${path}/billing`, { body: { override } }),
      await owner.request("POST", `${path}/credits`, { body: { amount: "5.00", reason: "Self-service" } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  });
});
