// What billing tells endpoints: each threshold of a budget once a month, and each invoice that has become final.
import { afterAll, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { type Received, webhookReceiver } from "../../support/webhook-receiver.ts";
import { billingClient } from "../billing/billing-client.ts";
import { LONG_SESSIONS, MINUTE, machine, signIn } from "../usage/usage-client.ts";

const app = await startApp({
  now: "2026-11-30T22:00:00.000Z",
  env: { WEBHOOKS_TO_LOCALHOST: "allow", INVOICE_GRACE_HOURS: "1" },
});
const receiver = await webhookReceiver();
afterAll(async () => {
  await receiver.stop();
  await app.stop();
});
const CPU = { meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "0.50" };
const { bySchedule } = await billingClient(app, {
  effectiveFrom: "2020-01-01T00:00:00Z",
  currency: "USD",
  meters: [CPU],
});

test("a budget's threshold and a final invoice are told of once", async () => {
  const tenant = await app.tenant({ policy: LONG_SESSIONS });
  const owner = await app.signIn(tenant.owner);
  const body = { url: receiver.url, eventTypes: ["budget.threshold", "invoice.finalized"] };
  const { id } = (await owner.request("POST", "/v1/webhooks", { body })).body;
  const member = await signIn(app, tenant.member);
  await machine(app, member);
  await owner.request("PUT", "/v1/budgets", { body: { amount: "2.00", thresholds: [0.5, 5] } });
  for (let minutes = 0; minutes < 60; minutes += 20) {
    app.clock.advance(20 * MINUTE);
    await member.request("GET", "/v1/me");
  }
  await bySchedule("checkBudgets");
  await bySchedule("checkBudgets", { again: true });
  await app.deliverStreams();
  expect(receiver.received.map(dataOf)).toEqual([
    {
      alertId: expect.stringMatching(/^alr_/),
      ...{ month: "2026-11", threshold: "50 %", budget: "2.00", total: "1.00", currency: "USD" },
    },
  ]);

  app.clock.advance(4 * 60 * MINUTE);
  await bySchedule("closeMonth");
  await bySchedule("closeMonth", { again: true });
  await app.deliverStreams();
  const again = await app.signIn(tenant.owner);
  const [invoice] = (await again.request("GET", "/v1/invoices")).body.items;
  expect(receiver.received).toHaveLength(2);
  expect(receiver.received.slice(1).map(dataOf)).toMatchObject([
    { id: invoice.id, number: invoice.number, month: "2026-11", status: "final", total: invoice.total },
  ]);
  const { items } = (await again.request("GET", `/v1/webhooks/${id}/deliveries?limit=1`)).body;
  expect(items).toMatchObject([{ type: "invoice.finalized", status: "delivered" }]);
});

function dataOf({ body }: Received): unknown {
  return JSON.parse(body).data;
}
