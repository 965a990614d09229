import { expect, test } from "@jest/globals";
import { invoicePdf } from "../../../lib/aws/invoice-pdf.ts";
import { type PrintedInvoices, printedInvoices } from "../../../lib/billing/invoice-sheet.ts";
import type { KeptInvoice } from "../../../lib/billing/invoice-store.ts";
import { readPdf } from "../../support/pdf.ts";

const PERIOD = { start: "2026-10-01T00:00:00.000Z", end: "2026-11-01T00:00:00.000Z" };
const ACCOUNT = { name: "Żółw & Söhne, Αθήνα", tenantId: "ten_01jd8x0000abcdefgh00000000" };

function charges(count: number) {
  return Array.from({ length: count }, (_, place) => ({
    sessionId: `ses_01jd8x0000abcdefgh${String(place).padStart(8, "0")}`,
    userId: `usr_01jd8x0000abcdefgh${String(place).padStart(8, "0")}`,
    quantity: `${place + 1}.000000000`,
    amount: `${place + 1}.25`,
  }));
}

function invoice(change: Partial<KeptInvoice> = {}, sessions = 2): KeptInvoice {
  return {
    ...{ id: "inv_01jd8x0000abcdefgh00000000", number: "INV-000007", tenantId: ACCOUNT.tenantId },
    ...{ status: "final", type: "regular", month: "2026-10", period: PERIOD, currency: "USD" },
    ...{ subtotal: "103.43", tax: "19.65", total: "123.08", rateCardVersion: 3, digest: "0c".repeat(32) },
    ...{ contentLength: 1, createdAtMs: 1_793_491_200_000, ratedAtMs: 1_793_750_400_000 },
    finalizedAt: "2026-11-04T00:00:00.000Z",
    creditsApplied: [{ creditId: "crd_01jd8x0000abcdefgh00000000", amount: "10.00" }],
    amountDue: "113.08",
    unattributed: [{ meter: "memory", quantity: "3.000000000", unit: "GiB-hour" }],
    lines: [
      {
        ...{ meter: "network", description: "network in tiers, each at its own price", unit: "GiB" },
        ...{ quantity: "1234.500000000", amount: "101.92", period: PERIOD, rateCardVersion: 3 },
        tiers: [
          { upTo: "1000", unitPrice: "0.09", flatFee: "1", quantity: "1000.000000000", amount: "91" },
          { upTo: null, unitPrice: "0.07", quantity: "234.500000000", amount: "16.415" },
        ],
        sessions: charges(sessions),
      },
      {
        ...{ meter: "minimum", description: "Minimum charge", unit: "month", quantity: "1.000000000" },
        ...{ amount: "1.51", period: PERIOD, rateCardVersion: 3, sessions: [] },
      },
    ],
    ...change,
  };
}

const printed = (...invoices: readonly KeptInvoice[]) => printedInvoices(invoices, ACCOUNT);

/** Pages without the spaces, which say where a line was broken. */
async function pagesOf(invoices: PrintedInvoices, detailRowsMax?: number) {
  const file = await invoicePdf(detailRowsMax).print(invoices);
  const { pages } = await readPdf(Buffer.from(file, "base64"));
  return pages.map((page) => page.replaceAll(/\s/g, ""));
}

const squeezed = (text: string) => text.replaceAll(/\s/g, "");

test("a PDF says all that the page to print says", async () => {
  const invoices = printed(invoice());
  const text = (await pagesOf(invoices)).join("");
  const said = invoices.sheets.flatMap(({ title, facts, summary, details }) => [
    title,
    ...[...facts, ...summary.sums].map((pair) => pair.join("")),
    ...[summary, ...details].flatMap(({ columns, rows }) => [
      columns.map(({ name }) => name).join(""),
      ...rows.flatMap(({ cells, steps }) => [cells.join(""), ...steps]),
    ]),
    ...details.map(({ heading }) => heading),
  ]);
  expect(said.filter((one) => !text.includes(squeezed(one)))).toEqual([]);
  expect(text).toContain("ForŻółw&Söhne,Αθήνα(ten_01jd8x0000abcdefgh00000000)");
  expect(text).toContain("Total123.08");
  expect(text).toContain("Amountdue113.08");
  expect(text).not.toMatch(/draft/i);
});

test("each of 200 sessions is on one page, below the names of its columns", async () => {
  const pages = await pagesOf(printed(invoice({}, 200)));
  expect(pages.length).toBeGreaterThan(4);
  const text = pages.join("");
  for (const { sessionId, userId, quantity, amount } of charges(200)) {
    expect(text.split(`${sessionId}${userId}${quantity}${amount}`)).toHaveLength(2);
  }
  for (const [place, page] of pages.entries()) {
    if (page.includes("ses_")) expect(page).toContain("SessionUserGiBAmount(USD)");
    expect(page).toContain(`InvoiceINV-000007,page${place + 1}of${pages.length}`);
  }
});

test("a draft says so at its top and on each page", async () => {
  const draft = invoice({ number: null, status: "draft" }, 100);
  const pages = await pagesOf(printed(draft));
  expect(pages[0]).toContain("Draft:thisisnotabillyet,andmaystillchange.");
  for (const page of pages) expect(page).toContain("Invoicefor2026-10,draft,page");
});

test("invoices in one file have their own pages and numbers", async () => {
  const pages = await pagesOf(printed(invoice({ number: "INV-000008", type: "credit_note" }), invoice()));
  expect(pages.map((page) => /(Invoice|Creditnote)INV-\d+,page\dof\d/.exec(page)?.[0])).toEqual([
    "CreditnoteINV-000008,page1of1",
    "InvoiceINV-000007,page1of1",
  ]);
});

test("the same invoice makes the same bytes, another one makes others", async () => {
  const [first, again, other] = [invoice(), invoice(), invoice({ total: "123.09" })];
  const file = await invoicePdf().print(printed(first));
  expect((await invoicePdf().print(printed(again))) === file).toBe(true);
  expect((await invoicePdf().print(printed(other))) === file).toBe(false);
});

test("more sessions than a file takes are counted", async () => {
  const text = (await pagesOf(printed(invoice({}, 12)), 5)).join("");
  expect(text.match(/ses_/g)).toHaveLength(5);
  expect(text).toContain("7moreareintheinvoiceasCSV.");
  expect(text).toContain("Total123.08");
});

test("of no invoices there is an empty page", async () => {
  expect(await pagesOf(printed())).toEqual([""]);
});
