import { networkCard, networkMonth, OCTOBER, simulate } from "./simulate.ts";

const perUnit = { model: "flat", unitPrice: "1" };

describe("the models", () => {
  const withFees = (model: string) => ({
    model,
    freeAllowance: "10",
    tiers: [
      { upTo: "100", unitPrice: "0.10", flatFee: "1" },
      { upTo: null, unitPrice: "0.05", flatFee: "5" },
    ],
  });

  test.each([
    { model: "graduated", quantity: "10", amount: "0.00" },
    { model: "graduated", quantity: "11", amount: "1.10" },
    { model: "graduated", quantity: "110", amount: "11.00" },
    { model: "graduated", quantity: "111", amount: "16.05" },
    { model: "volume", quantity: "10", amount: "0.00" },
    { model: "volume", quantity: "11", amount: "1.10" },
    { model: "volume", quantity: "110", amount: "11.00" },
    { model: "volume", quantity: "111", amount: "10.05" },
  ])("$model charges a flat fee for each tier entered or held, after the allowance: $quantity", (example) => {
    const invoice = networkMonth(example.quantity, networkCard(withFees(example.model)));
    expect(invoice.lines[0]?.amount).toBe(example.amount);
  });

  test.each([
    { quantity: "5", amount: "0.00" },
    { quantity: "5.000000001", amount: "3.00" },
    { quantity: "15", amount: "3.00" },
    { quantity: "15.000000001", amount: "6.00" },
  ])("package counts started packages whole, after the allowance: $quantity", ({ quantity, amount }) => {
    const price = { model: "package", unitPrice: "3", packageSize: "10", freeAllowance: "5" };
    expect(networkMonth(quantity, networkCard(price)).lines[0]?.amount).toBe(amount);
  });

  test("a third of an hour is priced as a third, and rounded once", () => {
    const invoice = simulate({
      period: OCTOBER,
      rateCard: {
        currency: "USD",
        meters: [{ meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "0.015" }],
      },
      sessions: [{ id: "s1", userId: "u1", startedAt: OCTOBER.start, endedAt: "2026-10-01T00:20:00Z" }],
      attachments: [{ resourceId: "r1", sessionId: "s1", from: OCTOBER.start }],
      gauges: [{ id: "g1", resourceId: "r1", meter: "cpu", time: OCTOBER.start, value: "1" }],
    });
    expect(invoice.lines[0]).toMatchObject({ quantity: "0.333333333", amount: "0.01" });
  });

  test("0.1 and 0.2 are 0.3, also a million times", () => {
    const counters = ["0.1", "0.2"].map((value, place) => ({
      id: `c${place}`,
      resourceId: "r1",
      sessionId: "s1",
      meter: "network",
      time: OCTOBER.start,
      value,
    }));
    const invoice = simulate({
      period: OCTOBER,
      rateCard: networkCard({ model: "flat", unitPrice: "1000000" }),
      sessions: [{ id: "s1", userId: "u1", startedAt: OCTOBER.start }],
      counters,
    });
    expect(invoice.lines[0]).toMatchObject({ quantity: "0.300000000", amount: "300000.00" });
  });
});

describe("currencies", () => {
  test.each([
    { currency: "JPY", quantity: "10.5", amount: "11" },
    { currency: "USD", quantity: "10.005", amount: "10.01" },
    { currency: "KWD", quantity: "10.0005", amount: "10.001" },
  ])("$currency rounds to its minor unit", ({ currency, quantity, amount }) => {
    expect(networkMonth(quantity, networkCard(perUnit, { currency }))).toMatchObject({
      lines: [{ amount }],
      total: amount,
    });
  });
});

describe("minimum charge and tax", () => {
  const charges = { minimumCharge: "5", taxRate: "0.19" };

  test("the minimum is met by one more line, and taxed", () => {
    const invoice = networkMonth("3.21", networkCard(perUnit, charges));
    expect(
      invoice.lines.map(({ meter, quantity, amount, sessions }) => [
        meter,
        quantity,
        amount,
        sessions.length,
      ]),
    ).toEqual([
      ["network", "3.210000000", "3.21", 1],
      ["minimum", "1.000000000", "1.79", 0],
    ]);
    expect(invoice).toMatchObject({ subtotal: "5.00", tax: "0.95", total: "5.95" });
  });

  test("a month that reaches the minimum has no such line", () => {
    const invoice = networkMonth("5", networkCard(perUnit, charges));
    expect(invoice.lines.map(({ meter }) => meter)).toEqual(["network"]);
  });

  test("an empty month costs the minimum", () => {
    expect(networkMonth("0", networkCard(perUnit, charges))).toMatchObject({
      lines: [{ meter: "minimum", amount: "5.00" }],
      total: "5.95",
    });
  });

  test("an empty month without a minimum has no lines and costs nothing", () => {
    expect(networkMonth("0", networkCard(perUnit))).toMatchObject({
      lines: [],
      subtotal: "0.00",
      tax: "0.00",
      total: "0.00",
    });
  });

  test("tax is on the rounded subtotal, half away from zero", () => {
    expect(networkMonth("0.1", networkCard(perUnit, { taxRate: "0.25" }))).toMatchObject({
      tax: "0.03",
      total: "0.13",
    });
  });
});

describe("sessions of a line", () => {
  const spread = (
    price: object,
    used: readonly (readonly [id: string, startedAt: string, value: string])[],
  ) =>
    simulate({
      period: OCTOBER,
      rateCard: networkCard(price),
      sessions: used.map(([id, startedAt]) => ({ id, userId: `user of ${id}`, startedAt })),
      counters: used.map(([sessionId, , value]) => ({
        id: `of ${sessionId}`,
        resourceId: "r1",
        sessionId,
        meter: "network",
        time: "2026-10-20T00:00:00Z",
        value,
      })),
    }).lines[0]?.sessions.map(({ sessionId, amount }) => [sessionId, amount]);

  test("of equal remainders the one that started earlier gets the cent, then the smaller id", () => {
    expect(
      spread({ model: "flat", unitPrice: "0.01" }, [
        ["s3", "2026-10-02T00:00:00Z", "0.4"],
        ["s2", "2026-10-02T00:00:00Z", "0.4"],
        ["s9", "2026-10-01T00:00:00Z", "0.4"],
      ]),
    ).toEqual([
      ["s9", "0.01"],
      ["s2", "0.00"],
      ["s3", "0.00"],
    ]);
  });

  test("the largest remainder gets the cent before them", () => {
    expect(
      spread({ model: "flat", unitPrice: "0.01" }, [
        ["s1", "2026-10-01T00:00:00Z", "1.3"],
        ["s2", "2026-10-02T00:00:00Z", "1.4"],
        ["s3", "2026-10-03T00:00:00Z", "1.3"],
      ]),
    ).toEqual([
      ["s1", "0.01"],
      ["s2", "0.02"],
      ["s3", "0.01"],
    ]);
  });

  test("a session that used nothing is not listed", () => {
    expect(
      spread(perUnit, [
        ["s1", "2026-10-01T00:00:00Z", "0"],
        ["s2", "2026-10-02T00:00:00Z", "2"],
      ]),
    ).toEqual([["s2", "2.00"]]);
  });
});

test.each([
  { aggregation: "sum", quantity: "10.000000000", sessions: ["7.000000000", "3.000000000"] },
  { aggregation: "count", quantity: "4.000000000", sessions: ["3.000000000", "1.000000000"] },
  { aggregation: "max", quantity: "4.000000000", sessions: ["4.000000000", "3.000000000"] },
  { aggregation: "unique", quantity: "3.000000000", sessions: ["3.000000000", "1.000000000"] },
])(
  "a meter of one's own is aggregated as the card says: $aggregation",
  ({ aggregation, quantity, sessions }) => {
    const invoice = simulate({
      period: OCTOBER,
      rateCard: { currency: "USD", meters: [{ meter: "jobs", unit: "job", aggregation, ...perUnit }] },
      sessions: [
        { id: "s1", userId: "u1", startedAt: "2026-10-01T00:00:00Z" },
        { id: "s2", userId: "u1", startedAt: "2026-10-02T00:00:00Z" },
      ],
      counters: [
        ["s1", "1"],
        ["s1", "2"],
        ["s1", "4"],
        ["s2", "3"],
      ].map(([sessionId, value], place) => ({
        id: `c${place}`,
        resourceId: "r1",
        sessionId,
        meter: "jobs",
        time: "2026-10-20T00:00:00Z",
        value: aggregation === "unique" && value === "3" ? "2.0" : value,
      })),
    });
    expect(invoice.lines[0]).toMatchObject({
      quantity,
      sessions: sessions.map((each) => ({ quantity: each })),
    });
  },
);
