import { networkCard, networkMonth, OCTOBER, simulate } from "./simulate.ts";

const graduated = {
  model: "graduated",
  tiers: [
    { upTo: "100", unitPrice: "0.09" },
    { upTo: "1000", unitPrice: "0.085" },
    { upTo: null, unitPrice: "0.07" },
  ],
};
const volume = {
  model: "volume",
  tiers: [
    { upTo: "100", unitPrice: "0.10" },
    { upTo: "1000", unitPrice: "0.08" },
    { upTo: null, unitPrice: "0.05" },
  ],
};

describe("the examples of the contract, section 11", () => {
  test("2 vCPU 09:30 to 10:20, 4 vCPU to 11:00, in a session that ends 10:40: 3 vCPU-hours", () => {
    const invoice = simulate({
      period: OCTOBER,
      rateCard: {
        currency: "USD",
        meters: [{ meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "0.04" }],
      },
      sessions: [
        { id: "s1", userId: "u1", startedAt: "2026-10-05T09:30:00Z", endedAt: "2026-10-05T10:40:00.000Z" },
      ],
      attachments: [{ resourceId: "r1", sessionId: "s1", from: "2026-10-05T09:30:00Z", to: null }],
      gauges: [
        { id: "g1", resourceId: "r1", meter: "cpu", time: "2026-10-05T09:30:00Z", value: "2" },
        { id: "g2", resourceId: "r1", meter: "cpu", time: "2026-10-05T10:20:00Z", value: 4 },
        { id: "g3", resourceId: "r1", meter: "cpu", time: "2026-10-05T11:00:00Z", value: "0" },
      ],
      counters: [],
    });
    expect(invoice).toEqual({
      id: null,
      number: null,
      tenantId: "ten_1",
      status: "draft",
      type: "regular",
      period: { start: "2026-10-01T00:00:00.000Z", end: "2026-11-01T00:00:00.000Z" },
      currency: "USD",
      lines: [
        {
          meter: "cpu",
          description: "cpu at 0.04 USD per vCPU-hour",
          quantity: "3.000000000",
          unit: "vCPU-hour",
          unitPrice: "0.04",
          amount: "0.12",
          sessions: [{ sessionId: "s1", userId: "u1", quantity: "3.000000000", amount: "0.12" }],
          period: { start: "2026-10-01T00:00:00.000Z", end: "2026-11-01T00:00:00.000Z" },
          rateCardVersion: null,
        },
      ],
      subtotal: "0.12",
      tax: "0.00",
      total: "0.12",
      rateCardVersion: null,
      unattributed: [{ meter: "cpu", quantity: "1.333333333", unit: "vCPU-hour" }],
    });
  });

  test.each([
    { example: "graduated", quantity: "1234.5", price: graduated, total: "101.92" },
    { example: "volume, the upper bound included", quantity: "1000", price: volume, total: "80.00" },
    { example: "volume, just above a bound", quantity: "1000.000001", price: volume, total: "50.00" },
    {
      example: "a free allowance",
      quantity: "21125",
      price: { model: "flat", freeAllowance: "1000", unitPrice: "0.000137" },
      total: "2.76",
    },
    {
      example: "half away from zero",
      quantity: "1",
      price: { model: "flat", unitPrice: "0.125" },
      total: "0.13",
    },
    { example: "the 95-unit month", quantity: "95", price: graduated, total: "8.55" },
  ])("$example: $quantity is $total", ({ quantity, price, total }) => {
    expect(networkMonth(quantity, networkCard(price)).total).toBe(total);
  });

  test("a graduated line shows each tier's part: 9.00 + 76.50 + 16.415", () => {
    expect(networkMonth("1234.5", networkCard(graduated)).lines[0]?.tiers).toEqual([
      { upTo: "100", unitPrice: "0.09", quantity: "100.000000000", amount: "9.000000000" },
      { upTo: "1000", unitPrice: "0.085", quantity: "900.000000000", amount: "76.500000000" },
      { upTo: null, unitPrice: "0.07", quantity: "234.500000000", amount: "16.415000000" },
    ]);
  });
});
