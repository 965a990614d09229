import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { billingClient, CARD, type July, parseCsv, send, usageEvent } from "./billing-client.ts";

const app = await startApp({ now: "2026-11-20T09:00:00.000Z" });
afterAll(() => app.stop());

const { july, close } = await billingClient(app, { ...CARD, taxRate: "0.19", minimumCharge: "2" });

async function billed(...events: readonly ReturnType<typeof usageEvent>[]) {
  const month = await july();
  await send(month.owner, ...events);
  const run = await close(month.operator, month.tenant.id);
  return { ...month, id: run?.invoice?.id ?? "", total: run?.invoice?.total };
}

const network = (id: string, value: string) =>
  usageEvent(id, "network", { at: "2023-07-10T10:00:00Z", value });

async function rows({ owner }: July, path: string) {
  const answer = await owner.request("GET", path);
  const [names = [], ...lines] = parseCsv(answer.text);
  return {
    answer,
    names,
    rows: lines.map((cells) => Object.fromEntries(cells.map((cell, place) => [names[place], cell]))),
  };
}

const cents = (amount = "") => BigInt(amount.replace(".", ""));
const sum = (amounts: readonly (string | undefined)[]) =>
  amounts.map(cents).reduce((total, amount) => total + amount, 0n);

/** FOCUS 1.2, columns of the feature level Mandatory. */
const MANDATORY = [
  ...["BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd"],
  ...["BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd"],
  ...["ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost"],
  ...["PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName"],
];

describe("an invoice as CSV", () => {
  test("has a row for each session on each line, the minimum and the tax, which add up to the total", async () => {
    const month = await billed(network("n1", "10"));
    const { answer, rows: found } = await rows(month, `/v1/invoices/${month.id}?format=csv`);
    expect(answer.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(answer.headers["content-disposition"]).toBe('attachment; filename="INV-000001.csv"');
    expect(found).toMatchObject([
      { charge: "usage", meter: "network", sessionId: "s1", quantity: "10.000000000", amount: "0.90" },
      { charge: "minimum", sessionId: "", amount: "1.10" },
      { charge: "tax", amount: "0.38" },
    ]);
    expect(sum(found.map(({ amount }) => amount))).toBe(cents(month.total));
  });
});

describe("an invoice as FOCUS 1.2", () => {
  test("has the 21 mandatory columns and the session, and BilledCost adds up to the total", async () => {
    const month = await billed(
      usageEvent("g1", "cpu", { at: "2023-07-10T09:00:00Z", value: "4" }),
      network("n1", "95"),
    );
    const { names, rows: found } = await rows(month, `/v1/invoices/${month.id}?format=focus`);
    expect(MANDATORY).toHaveLength(21);
    expect(names).toEqual(expect.arrayContaining([...MANDATORY, "x_SessionId"]));
    expect(sum(found.map(({ BilledCost }) => BilledCost))).toBe(cents(month.total));
    expect(found).toMatchObject([
      {
        BilledCost: "1.60",
        BillingAccountId: month.tenant.id,
        BillingCurrency: "USD",
        BillingPeriodStart: "2023-07-01T00:00:00Z",
        ChargeCategory: "Usage",
        ChargeClass: "",
        PricingQuantity: "40.000000000",
        PricingUnit: "vCPU-hour",
        ServiceCategory: "Compute",
        InvoiceId: "INV-000001",
        x_SessionId: "s1",
      },
      { BilledCost: "8.55", ServiceCategory: "Networking", x_SessionId: "s1" },
      { BilledCost: "1.93", ChargeCategory: "Tax", PricingQuantity: "", PricingUnit: "", x_SessionId: "" },
    ]);
  });

  test("calls what a credit note takes back a correction", async () => {
    const month = await billed(network("n1", "95"), network("n2", "10"));
    await month.owner.request("POST", "/v1/usage/void", {
      body: { source: "/cloud", ids: ["n2"], reason: "Metered by mistake" },
    });
    const note = (await close(month.operator, month.tenant.id))?.invoice;
    const { rows: found } = await rows(month, `/v1/invoices/${note?.id}?format=focus`);
    expect(found).toMatchObject([
      { BilledCost: "-0.88", ChargeCategory: "Usage", ChargeClass: "Correction", ConsumedQuantity: "" },
      { BilledCost: "-0.17", ChargeCategory: "Tax", ChargeClass: "Correction" },
    ]);
  });
});

describe("an invoice as a page", () => {
  test("loads and runs nothing, and its policy lets in the one style that it has", async () => {
    const month = await billed(network("n1", "95"));
    const { headers, text } = await month.owner.request("GET", `/v1/invoices/${month.id}?format=html`);
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox`,
    );
    expect(text).not.toMatch(/<script|<link|<img|\son\w+=|style="|https?:/);
    expect(text).toContain("<h1>Invoice INV-000001</h1>");
    expect(text).toMatch(/Total<\/th><td class="number">10\.17</);
  });
});

test("an invoice as PDF comes as its bytes, under the invoice's name, and is the same each time", async () => {
  const month = await billed(network("n1", "95"));
  const pdf = () => month.owner.request("GET", `/v1/invoices/${month.id}?format=pdf`);
  const { headers, text } = await pdf();
  expect(headers["content-type"]).toBe("application/pdf");
  expect(headers["content-disposition"]).toBe('attachment; filename="INV-000001.pdf"');
  expect(text).toMatch(/^%PDF-1\.\d\n[\s\S]*\(Invoice INV-000001\)[\s\S]*%%EOF\s*$/);
  app.clock.advance(1000);
  expect((await pdf()).text === text).toBe(true);
});

describe("all invoices", () => {
  test("are exported page by page, with the column names on the first page alone", async () => {
    const month = await billed(network("n1", "95"));
    await send(month.owner, network("n2", "10"));
    await close(month.operator, month.tenant.id);
    const first = await month.owner.request("GET", "/v1/invoices?format=csv&limit=1");
    const [, next = ""] = /^<(.+)>; rel="next"$/.exec(first.headers["link"] ?? "") ?? [];
    const second = await month.owner.request("GET", next);
    expect(first.text).toMatch(/^invoiceId,[^\r]+\r\n.*INV-000002,adjustment,/);
    expect(second.text).not.toContain("invoiceId");
    expect(second.text).toMatch(/^inv_\w+,INV-000001,regular,/);
    expect(second.headers["link"]).toBeUndefined();
  });
});
