import { expect, test } from "@jest/globals";
import type { InvoiceContent, SessionCharge } from "../../../lib/billing/invoice.ts";
import { costOfRun } from "../../../lib/workflow/run-cost.ts";

const NOW = Date.parse("2026-03-02T12:00:00Z");

const charge = (sessionId: string, quantity: string, amount: string): SessionCharge => ({
  ...{ sessionId, userId: "key_1", quantity, amount },
});

/** A month's content with one line for each meter. */
function content(
  currency: string,
  lines: Readonly<Record<string, readonly SessionCharge[]>>,
): InvoiceContent {
  const period = { start: "", end: "" };
  return {
    ...{ period, currency, subtotal: "0", tax: "0", total: "0", rateCardVersion: 1, unattributed: [] },
    lines: Object.entries(lines).map(([meter, sessions]) => ({
      ...{ meter, description: meter, quantity: "0", unit: "h", amount: "0", sessions, period },
      rateCardVersion: 1,
    })),
  };
}

const run = (from: string, to: string) => ({
  ...{ tenantId: "ten_1", startAtMs: Date.parse(from), endAtMs: Date.parse(to) },
  sessionIds: new Set(["ses_1", "ses_2"]),
});

const deps = (months: Readonly<Record<string, InvoiceContent>>, asked: string[] = []) => ({
  now: () => NOW,
  minorUnitOf: (currency: string) => (currency === "JPY" ? 0 : 2),
  rate: async (_tenantId: string, { startAtMs, endAtMs }: { startAtMs: number; endAtMs: number }) => {
    const [start, end] = [new Date(startAtMs).toISOString(), new Date(endAtMs).toISOString()];
    asked.push(`${start} ${end}`);
    return months[start.slice(0, 7)];
  },
});

test("a run costs what its sessions have of each line, and nothing of anybody else's", async () => {
  const months = {
    "2026-03": content("USD", {
      cpu: [
        charge("ses_1", "1.500000000", "0.06"),
        charge("ses_2", "0.500000000", "0.02"),
        charge("ses_3", "9.000000000", "0.36"),
      ],
      storage: [charge("ses_3", "9.000000000", "0.36")],
    }),
  };
  expect(await costOfRun(deps(months), run("2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"))).toEqual([
    {
      ...{ month: "2026-03", currency: "USD", amount: "0.08" },
      lines: [{ meter: "cpu", quantity: "2.000000000", unit: "h", amount: "0.08" }],
    },
  ]);
});

test("a run over the turn of the month costs in both, each in its own currency", async () => {
  const asked: string[] = [];
  const months = {
    "2026-02": content("JPY", { cpu: [charge("ses_1", "1.000000000", "6")] }),
    "2026-03": content("USD", { cpu: [charge("ses_1", "2.000000000", "0.08")] }),
  };
  const costs = await costOfRun(deps(months, asked), run("2026-02-28T23:00:00Z", "2026-03-02T10:00:00Z"));
  expect(costs.map(({ month, currency, amount }) => [month, currency, amount])).toEqual([
    ["2026-02", "JPY", "6"],
    ["2026-03", "USD", "0.08"],
  ]);
  // The month that is over whole, the present one as far as it has come.
  expect(asked).toEqual([
    "2026-02-01T00:00:00.000Z 2026-03-01T00:00:00.000Z",
    "2026-03-01T00:00:00.000Z 2026-03-02T12:00:00.000Z",
  ]);
});

test("a run costs nothing where there are no prices, or it used nothing", async () => {
  const at = run("2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z");
  expect(await costOfRun(deps({}), at)).toEqual([]);
  expect(await costOfRun(deps({ "2026-03": content("USD", { cpu: [] }) }), at)).toEqual([]);
});
