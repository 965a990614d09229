import { overrideCard } from "../../../lib/billing/override-card.ts";
import type { RateCard } from "../../../lib/billing/rate-card.ts";
import { ratePeriod } from "../../../lib/billing/rate-period.ts";
import { splitByCard } from "../../../lib/billing/split-by-card.ts";
import { ATTO_PER_UNIT } from "../../../lib/decimal.ts";
import { parseRfc3339 } from "../../../lib/time.ts";
import { totalPeriod } from "../../../lib/usage/total-usage.ts";
import { BUILT_IN_METERS, type CounterEvent } from "../../../lib/usage/usage.ts";

const day = (date: number) => parseRfc3339(`2026-10-${String(date).padStart(2, "0")}T00:00:00Z`, "/");
const OCTOBER = { startAtMs: day(1), endAtMs: parseRfc3339("2026-11-01T00:00:00Z", "/") };
const units = (whole: number) => BigInt(whole) * ATTO_PER_UNIT;

const card = (
  version: number,
  fromDay: number,
  unitPrice: number,
  charges: Partial<RateCard> = {},
): RateCard => ({
  version,
  effectiveFromAtMs: day(fromDay),
  currency: "USD",
  meters: [
    {
      meter: "network",
      unit: "GiB",
      model: "flat",
      unitPrice: units(unitPrice),
      freeAllowance: units(1),
    },
  ],
  minimumCharge: 0n,
  taxRate: 0n,
  ...charges,
});

/** Ten units on each of the days given. */
const rate = (cards: readonly RateCard[], days: readonly number[]) => {
  const counters: CounterEvent[] = days.map((date) => ({
    id: `on ${date}`,
    resourceId: "r1",
    sessionId: "s1",
    meter: "network",
    atMs: day(date),
    amount: units(10),
  }));
  const sessions = [{ sessionId: "s1", userId: "u1", startedAtMs: day(1), endedAtMs: null }];
  const [first, ...others] = splitByCard(OCTOBER, cards).map((part) => ({
    ...part,
    usage: totalPeriod({
      period: part.period,
      meters: BUILT_IN_METERS,
      sessions,
      attachments: [],
      gauges: [],
      counters,
    }),
  }));
  return first === undefined ? undefined : ratePeriod(OCTOBER, [first, ...others]);
};

describe("a month that two cards share", () => {
  const invoice = rate([card(2, 15, 3), card(1, 1, 2)], [2, 14, 15, 31]);

  test("is rated in two parts, each by itself with its whole allowance", () => {
    expect(
      invoice?.lines.map(({ rateCardVersion, period, quantity, amount }) => [
        rateCardVersion,
        period.start,
        quantity,
        amount,
      ]),
    ).toEqual([
      [1, "2026-10-01T00:00:00.000Z", "20.000000000", "38.00"],
      [2, "2026-10-15T00:00:00.000Z", "20.000000000", "57.00"],
    ]);
  });

  test("is one invoice, under the version in force at the end", () => {
    expect(invoice).toMatchObject({ total: "95.00", rateCardVersion: 2 });
  });

  test("has the minimum and the tax of the card in force at the end, once", () => {
    const later = card(2, 15, 3, { minimumCharge: units(100), taxRate: ATTO_PER_UNIT / 10n });
    expect(rate([card(1, 1, 2, { minimumCharge: units(500) }), later], [2, 15])).toMatchObject({
      lines: [{ amount: "18.00" }, { amount: "27.00" }, { meter: "minimum", amount: "55.00" }],
      subtotal: "100.00",
      tax: "10.00",
    });
  });

  test("is in one currency: a card in another comes into force as the next month begins", () => {
    const inYen = card(2, 15, 3, { currency: "JPY" });
    expect(rate([card(1, 1, 2), inYen], [2, 20])).toMatchObject({ currency: "USD", total: "38.00" });
    const november = { startAtMs: OCTOBER.endAtMs, endAtMs: OCTOBER.endAtMs + 1 };
    expect(splitByCard(november, [card(1, 1, 2), inYen])).toMatchObject([{ card: { version: 2 } }]);
  });

  test("follows the card that takes the place of one in another currency before that came into force", () => {
    const inYen = card(2, 15, 3, { currency: "JPY" });
    const back = card(3, 16, 4);
    const november = { startAtMs: OCTOBER.endAtMs, endAtMs: OCTOBER.endAtMs + 1 };
    expect(rate([card(1, 1, 2), inYen, back], [2, 20])).toMatchObject({ total: "54.00" });
    expect(splitByCard(november, [card(1, 1, 2), inYen, back])).toMatchObject([{ card: { version: 3 } }]);
  });
});

describe("which card is in force", () => {
  const parts = (cards: readonly RateCard[]) =>
    splitByCard(OCTOBER, cards).map(({ card: { version }, period }) => [
      version,
      period.startAtMs,
      period.endAtMs,
    ]);

  test("is the latest from before the period", () => {
    const older = { ...card(1, 1, 2), effectiveFromAtMs: 0 };
    expect(parts([card(2, 1, 2), older])).toEqual([[2, day(1), OCTOBER.endAtMs]]);
  });

  test("is the greater version of two from the same time", () => {
    expect(parts([card(3, 1, 2), card(2, 1, 2)])).toEqual([[3, day(1), OCTOBER.endAtMs]]);
  });

  test("is none before the first card, nor after the period", () => {
    const november = { ...card(2, 1, 2), effectiveFromAtMs: OCTOBER.endAtMs };
    expect(parts([card(1, 10, 2), november])).toEqual([[1, day(10), OCTOBER.endAtMs]]);
    expect(parts([november])).toEqual([]);
  });
});

describe("a tenant's override", () => {
  const standard = card(1, 1, 2, { minimumCharge: units(50) });
  const own = {
    meter: "network",
    unit: "GiB",
    model: "flat",
    unitPrice: units(1),
    freeAllowance: 0n,
  } as const;

  test("replaces the meters it names and leaves the rest of the card", () => {
    const overridden = overrideCard(standard, { meters: [own, { ...own, meter: "cpu" }] });
    expect(overridden).toEqual({ ...standard, meters: [own, { ...own, meter: "cpu" }] });
    expect(rate([overridden], [2])?.lines.map(({ amount }) => amount)).toEqual(["10.00", "40.00"]);
  });

  test("replaces the charges it gives", () => {
    expect(overrideCard(standard, { minimumCharge: 0n })).toEqual({ ...standard, minimumCharge: 0n });
  });
});
