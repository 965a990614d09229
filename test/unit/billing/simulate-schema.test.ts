import { SimulateBody } from "../../../functions/billing/simulate-schema.ts";
import { AppError } from "../../../lib/errors.ts";
import { parseWith } from "../../../lib/http/parse.ts";
import { OCTOBER } from "./simulate.ts";

const flat = { meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "0.04" };
const tiered = (...tiers: readonly object[]) => ({
  meter: "cpu",
  unit: "vCPU-hour",
  model: "graduated",
  tiers,
});
const session = { id: "s1", userId: "u1", startedAt: OCTOBER.start, endedAt: null };
const gauge = { id: "g1", resourceId: "r1", meter: "cpu", time: OCTOBER.start, value: "4" };
const counter = { ...gauge, id: "c1", sessionId: "s1", meter: "network" };

const bodyWith = (changes: object) => ({
  period: OCTOBER,
  rateCard: { currency: "USD", meters: [flat] },
  sessions: [session],
  attachments: [],
  gauges: [gauge],
  counters: [counter],
  ...changes,
});
const cardWith = (meters: readonly object[], changes: object = {}) => ({
  rateCard: { currency: "USD", meters, ...changes },
});

function pointersOf(changes: object): readonly string[] {
  try {
    parseWith(SimulateBody, bodyWith(changes), "");
    return [];
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return (thrown.errors ?? []).map(({ pointer }) => pointer);
  }
}

describe("a rate card is refused, with the place,", () => {
  const last = { upTo: null, unitPrice: "1" };

  test.each([
    {
      why: "with a price below zero",
      card: cardWith([{ ...flat, unitPrice: "-0.04" }]),
      at: "meters/0/unitPrice",
    },
    {
      why: "without the model's price",
      card: cardWith([{ ...flat, unitPrice: undefined }]),
      at: "meters/0/unitPrice",
    },
    { why: "with an unknown model", card: cardWith([{ ...flat, model: "free" }]), at: "meters/0/model" },
    { why: "with another model's field", card: cardWith([{ ...flat, tiers: [last] }]), at: "meters/0/tiers" },
    { why: "with an unknown meter", card: cardWith([{ ...flat, meter: "gpu" }]), at: "meters/0/meter" },
    { why: "with a meter twice", card: cardWith([flat, flat]), at: "meters/1/meter" },
    {
      why: "with a meter called minimum",
      card: cardWith([{ ...flat, meter: "minimum" }]),
      at: "meters/0/meter",
    },
    {
      why: "with cpu as a sum",
      card: cardWith([{ ...flat, aggregation: "sum" }]),
      at: "meters/0/aggregation",
    },
    {
      why: "with a package of nothing",
      card: cardWith([{ ...flat, model: "package", packageSize: "0" }]),
      at: "meters/0/packageSize",
    },
    {
      why: "without a package size",
      card: cardWith([{ ...flat, model: "package" }]),
      at: "meters/0/packageSize",
    },
    { why: "without tiers", card: cardWith([tiered()]), at: "meters/0/tiers" },
    {
      why: "with a gap above the last tier",
      card: cardWith([tiered({ ...last, upTo: "5" })]),
      at: "meters/0/tiers/0/upTo",
    },
    { why: "with a tier after the last", card: cardWith([tiered(last, last)]), at: "meters/0/tiers/0/upTo" },
    {
      why: "with overlapping tiers",
      card: cardWith([tiered({ ...last, upTo: "5" }, { ...last, upTo: "4" }, last)]),
      at: "meters/0/tiers/1/upTo",
    },
    {
      why: "with an empty tier",
      card: cardWith([tiered({ ...last, upTo: "0" }, last)]),
      at: "meters/0/tiers/0/upTo",
    },
    {
      why: "with a negative tier price",
      card: cardWith([tiered({ ...last, unitPrice: "-1" })]),
      at: "meters/0/tiers/0/unitPrice",
    },
    { why: "with a negative minimum", card: cardWith([flat], { minimumCharge: "-1" }), at: "minimumCharge" },
    { why: "with a tax above the whole", card: cardWith([flat], { taxRate: "19" }), at: "taxRate" },
    { why: "in an unknown currency", card: cardWith([flat], { currency: "usd" }), at: "currency" },
    { why: "with an unknown field", card: cardWith([flat], { discount: "1" }), at: "discount" },
    {
      why: "from within the period",
      card: cardWith([flat], { effectiveFrom: "2026-10-02T00:00:00Z" }),
      at: "effectiveFrom",
    },
  ])("$why", ({ card, at }) => {
    expect(pointersOf({ ...card, gauges: [], counters: [] })).toEqual([`/rateCard/${at}`]);
  });
});

describe("a body is refused, with the place,", () => {
  test.each([
    {
      why: "of an empty period",
      changes: { period: { start: OCTOBER.start, end: OCTOBER.start } },
      at: "/period/end",
    },
    {
      why: "of a day that no month has",
      changes: { period: { ...OCTOBER, end: "2026-11-31T00:00:00Z" } },
      at: "/period/end",
    },
    {
      why: "of a time without a zone",
      changes: { gauges: [{ ...gauge, time: "2026-10-01T00:00:00" }] },
      at: "/gauges/0/time",
    },
    {
      why: "of a time in numbers",
      changes: { gauges: [{ ...gauge, time: 1_790_812_800_000 }] },
      at: "/gauges/0/time",
    },
    {
      why: "of a session that ends before it starts",
      changes: { sessions: [{ ...session, endedAt: "2026-09-30T00:00:00Z" }] },
      at: "/sessions/0/endedAt",
    },
    {
      why: "of an attachment that ends before it starts",
      changes: { attachments: [{ resourceId: "r1", sessionId: "s1", from: OCTOBER.end, to: OCTOBER.start }] },
      at: "/attachments/0/to",
    },
    {
      why: "of an unknown field",
      changes: { counters: [{ ...counter, price: "1" }] },
      at: "/counters/0/price",
    },
    { why: "of an unknown top field", changes: { dryRun: true }, at: "/dryRun" },
    {
      why: "of a meter that is unknown",
      changes: { counters: [{ ...counter, meter: "gpu" }] },
      at: "/counters/0/meter",
    },
    {
      why: "of a counter as a gauge",
      changes: { gauges: [{ ...gauge, meter: "network" }] },
      at: "/gauges/0/meter",
    },
    {
      why: "of a gauge as a counter",
      changes: { counters: [{ ...counter, meter: "cpu" }] },
      at: "/counters/0/meter",
    },
    {
      why: "of one id with two levels",
      changes: { gauges: [gauge, { ...gauge, value: "5" }] },
      at: "/gauges/1/id",
    },
    {
      why: "of one id with two amounts",
      changes: { counters: [counter, { ...counter, value: "5" }] },
      at: "/counters/1/id",
    },
    {
      why: "of one session with two lives",
      changes: { sessions: [session, { ...session, userId: "u2" }] },
      at: "/sessions/1/id",
    },
    {
      why: "of half a surrogate pair",
      changes: { sessions: [{ ...session, id: "\ud800" }] },
      at: "/sessions/0/id",
    },
    { why: "without a rate card", changes: { rateCard: undefined }, at: "/rateCard" },
  ])("because $why", ({ changes, at }) => {
    expect(pointersOf(changes)).toEqual([at]);
  });
});

describe("a quantity", () => {
  const taken = (value: unknown) => pointersOf({ counters: [{ ...counter, value }] }).length === 0;

  test.each([
    "0",
    "0.000000000000000001",
    "99999999999999999999.999999999999999999",
    "99999999999999999999999999999999999999",
    0,
    1.5,
    0.1,
    1e-7,
    9_007_199_254_740_991,
    123_456_789.123_456,
  ])("is taken where it is exact: %p", (value) => expect(taken(value)).toBe(true));

  test.each([
    "-1",
    "-0",
    "1,5",
    "1e3",
    "+1",
    "",
    " 1",
    "NaN",
    "Infinity",
    "0.0000000000000000001",
    "999999999999999999999999999999999999999",
    "1".repeat(64),
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number("9007199254740993"),
    1e21,
    -1e-7,
    true,
    null,
    ["1"],
    { value: "1" },
  ])("is refused where it is not: %p", (value) => expect(taken(value)).toBe(false));

  test("is the decimal that was written, as a string or as a number", () => {
    const amounts = ["0.1", 0.1, "1e-7", 1e-7].flatMap((value) => {
      const parsed = SimulateBody.safeParse(bodyWith({ counters: [{ ...counter, value }] }));
      return parsed.success ? parsed.data.counters.map(({ amount }) => amount) : [null];
    });
    expect(amounts).toEqual([100_000_000_000_000_000n, 100_000_000_000_000_000n, null, 100_000_000_000n]);
  });
});

test("the lists may be left out, and ends may be null or left out", () => {
  const { endedAt: _running, ...running } = session;
  expect(
    pointersOf({ sessions: [running], attachments: undefined, gauges: undefined, counters: undefined }),
  ).toEqual([]);
});
