import { adjustInvoice } from "../../../lib/billing/adjust-invoice.ts";
import { networkCard, networkMonth, OCTOBER, simulate } from "./simulate.ts";

const card = networkCard({
  model: "graduated",
  tiers: [
    { upTo: "100", unitPrice: "0.09" },
    { upTo: null, unitPrice: "0.085" },
  ],
});

describe("usage that changes after a month is final", () => {
  const final = networkMonth("95", card);
  const tenMore = adjustInvoice(networkMonth("105", card), [final]);

  test("becomes an adjustment of what is missing: 8.55, then 10 more for 0.88", () => {
    expect(final.total).toBe("8.55");
    expect(tenMore).toEqual({
      type: "adjustment",
      content: {
        period: { start: "2026-10-01T00:00:00.000Z", end: "2026-11-01T00:00:00.000Z" },
        currency: "USD",
        lines: [
          {
            meter: "network",
            description: "Late changes: network in tiers, each at its own price",
            quantity: "10.000000000",
            unit: "GiB",
            amount: "0.88",
            sessions: [{ sessionId: "s1", userId: "u1", quantity: "10.000000000", amount: "0.88" }],
            period: { start: "2026-10-01T00:00:00.000Z", end: "2026-11-01T00:00:00.000Z" },
            rateCardVersion: null,
          },
        ],
        subtotal: "0.88",
        tax: "0.00",
        total: "0.88",
        rateCardVersion: null,
        unattributed: [],
      },
    });
  });

  test("becomes a credit note below zero, against all documents before: 20 taken back for -1.78", () => {
    const documents = tenMore === undefined ? [] : [final, tenMore.content];
    expect(adjustInvoice(networkMonth("85", card), documents)).toMatchObject({
      type: "credit_note",
      content: {
        lines: [{ quantity: "-20.000000000", amount: "-1.78", sessions: [{ amount: "-1.78" }] }],
        total: "-1.78",
      },
    });
  });

  test("makes no document where no amount differs", () => {
    expect(adjustInvoice(networkMonth("95", card), [final])).toBeUndefined();
    expect(adjustInvoice(networkMonth("95.000001", card), [final])).toBeUndefined();
  });

  test("takes a line back that is no longer there, with its tax", () => {
    const taxed = networkCard({ model: "flat", unitPrice: "1" }, { taxRate: "0.1" });
    expect(adjustInvoice(networkMonth("0", taxed), [networkMonth("7", taxed)])).toMatchObject({
      type: "credit_note",
      content: {
        lines: [
          { quantity: "-7.000000000", amount: "-7.00", sessions: [{ sessionId: "s1", amount: "-7.00" }] },
        ],
        subtotal: "-7.00",
        tax: "-0.70",
        total: "-7.70",
      },
    });
  });

  test("eats up what the minimum charge had added", () => {
    const atLeastFive = networkCard({ model: "flat", unitPrice: "1" }, { minimumCharge: "5" });
    const late = adjustInvoice(networkMonth("4", atLeastFive), [networkMonth("3", atLeastFive)]);
    expect(late?.content.lines.map(({ meter, amount }) => [meter, amount])).toEqual([
      ["network", "1.00"],
      ["minimum", "-1.00"],
    ]);
    expect(late).toMatchObject({ type: "adjustment", content: { total: "0.00" } });
  });

  test("that moves from one session to another is on record, though the total stays", () => {
    const usedBy = (sessionId: string) =>
      simulate({
        period: OCTOBER,
        rateCard: networkCard({ model: "flat", unitPrice: "1" }),
        sessions: ["s1", "s2"].map((id) => ({ id, userId: "u1", startedAt: OCTOBER.start })),
        counters: [
          { id: "c1", resourceId: "r1", sessionId, meter: "network", time: OCTOBER.start, value: "2" },
        ],
      });
    expect(adjustInvoice(usedBy("s2"), [usedBy("s1")])?.content.lines).toMatchObject([
      {
        quantity: "0.000000000",
        amount: "0.00",
        sessions: [
          { sessionId: "s2", amount: "2.00" },
          { sessionId: "s1", amount: "-2.00" },
        ],
      },
    ]);
  });
});
