import { formatAtto } from "../../../lib/decimal.ts";
import { toRfc3339 } from "../../../lib/time.ts";
import { fc } from "../../support/fast-check.ts";
import { randomMonth } from "../usage/random-month.ts";
import { simulate } from "./simulate.ts";

const PERIOD_START_MS = 500_000 * 3_600_000 - 20;

const price = fc.integer({ min: 0, max: 999_999 }).map((micros) => `${micros}.${micros % 7}`);
const model = fc.oneof(
  fc.record({ model: fc.constant("flat"), unitPrice: price }),
  fc.record({ model: fc.constant("package"), unitPrice: price, packageSize: fc.constantFrom("0.5", "3") }),
  fc
    .record({ model: fc.constantFrom("graduated", "volume"), first: price, rest: price, flatFee: price })
    .map(({ first, rest, flatFee, ...which }) => ({
      ...which,
      tiers: [
        { upTo: "0.000001", unitPrice: first },
        { upTo: null, unitPrice: rest, flatFee },
      ],
    })),
);

const rateCard = fc
  .record({
    currency: fc.constantFrom("JPY", "EUR", "BHD"),
    models: fc.array(model, { minLength: 6, maxLength: 6 }),
    taxRate: fc.constantFrom("0", "0.19", "0.0725"),
    minimumCharge: fc.constantFrom("0", "12.345"),
  })
  .map(({ models, ...card }) => ({
    ...card,
    meters: [
      { meter: "cpu", unit: "vCPU-hour" },
      { meter: "storage", unit: "GiB-hour" },
      { meter: "network", unit: "GiB" },
      { meter: "calls", unit: "call", aggregation: "count" },
      { meter: "peak", unit: "user", aggregation: "max" },
      { meter: "visitors", unit: "visitor", aggregation: "unique" },
    ].map((meter, place) => ({ ...meter, ...models[place] })),
  }));

/** Bodies as a client would send them. */
const body = fc.record({ month: randomMonth, rateCard }).map(({ month, rateCard: card }) => ({
  period: { start: toRfc3339(PERIOD_START_MS), end: toRfc3339(PERIOD_START_MS + 40) },
  rateCard: card,
  sessions: month.sessions.map(({ sessionId, userId, startedAtMs, endedAtMs }) => ({
    id: sessionId,
    userId,
    startedAt: toRfc3339(startedAtMs),
    endedAt: endedAtMs === null ? null : toRfc3339(endedAtMs),
  })),
  attachments: month.attachments.map(({ fromAtMs, toAtMs, ...one }) => ({
    ...one,
    from: toRfc3339(fromAtMs),
    to: toAtMs === null ? null : toRfc3339(toAtMs),
  })),
  gauges: month.gauges.map(({ atMs, level, ...one }) => ({
    ...one,
    time: toRfc3339(atMs),
    value: formatAtto(level),
  })),
  counters: month.counters.map(({ atMs, amount, ...one }) => ({
    ...one,
    time: toRfc3339(atMs),
    value: formatAtto(amount),
  })),
}));

const minorUnits = (amount: string) => BigInt(amount.replace(".", ""));
const sumOf = (amounts: readonly string[]) =>
  amounts.map(minorUnits).reduce((sum, amount) => sum + amount, 0n);

test("sessions add up to lines, lines to the subtotal, and with the tax to the total", () => {
  fc.assert(
    fc.property(body, (month) => {
      const { lines, subtotal, tax, total } = simulate(month);
      expect(sumOf(lines.map(({ amount }) => amount))).toBe(minorUnits(subtotal));
      expect(sumOf([subtotal, tax])).toBe(minorUnits(total));
      for (const { meter, amount, sessions } of lines) {
        if (meter !== "minimum")
          expect(sumOf(sessions.map((session) => session.amount))).toBe(minorUnits(amount));
      }
    }),
    { numRuns: 500 },
  );
});

test("the invoice does not depend on the order of events nor on their repetition", () => {
  fc.assert(
    fc.property(body, (month) => {
      const again = {
        ...month,
        sessions: [...month.sessions, ...month.sessions].reverse(),
        gauges: [...month.gauges, ...month.gauges].reverse(),
        counters: [...month.counters, ...month.counters].reverse(),
      };
      expect(simulate(again)).toEqual(simulate(month));
    }),
    { numRuns: 200 },
  );
});

/** An instant of the period, by its distance from the start. */
const instant = fc.integer({ min: 1, max: 39 }).map((offset) => PERIOD_START_MS + offset);

test("splitting an interval does not matter: neither by detaching and attaching, nor by reading a level again", () => {
  fc.assert(
    fc.property(body, instant, (month, atMs) => {
      const at = toRfc3339(atMs);
      const holds = ({ from, to }: (typeof month.attachments)[number]) =>
        from <= at && (to === null || at < to);
      const [held, ...others] = month.attachments.filter(holds);
      // Of several at once the first one holds, and attaching again would put it last, or beside one that begins then.
      if (held === undefined || others.some(({ resourceId }) => resourceId === held.resourceId)) return;
      const attachments = month.attachments.flatMap((one) =>
        one === held
          ? [
              { ...one, to: at },
              { ...one, from: at },
            ]
          : [one],
      );
      expect(simulate({ ...month, attachments })).toEqual(simulate(month));
    }),
    { numRuns: 150 },
  );
  fc.assert(
    fc.property(body, instant, (month, atMs) => {
      const at = toRfc3339(atMs);
      const series = Map.groupBy(month.gauges, ({ resourceId, meter }) => `${resourceId} ${meter}`);
      const again = [...series.values()].flatMap((readings, place) => {
        const before = readings.filter(({ time }) => time < at);
        const last = before.sort((a, b) =>
          a.time < b.time || (a.time === b.time && a.id < b.id) ? 1 : -1,
        )[0];
        const isTaken = readings.some(({ time }) => time === at);
        return last === undefined || isTaken ? [] : [{ ...last, id: `again-${place}`, time: at }];
      });
      expect(simulate({ ...month, gauges: [...month.gauges, ...again] })).toEqual(simulate(month));
    }),
    { numRuns: 150 },
  );
});

test("more usage never costs less under graduated, flat and package prices", () => {
  const more = fc.record({ meter: fc.constantFrom("network", "calls"), at: instant, value: price });
  fc.assert(
    fc.property(body, more, (month, { meter, at, value }) => {
      const meters = month.rateCard.meters.map((one) =>
        "model" in one && one.model === "volume" ? { ...one, model: "graduated" } : one,
      );
      const priced = { ...month, rateCard: { ...month.rateCard, meters } };
      const [session] = month.sessions;
      if (session === undefined) return;
      const counter = {
        id: "more",
        resourceId: "r1",
        sessionId: session.id,
        meter,
        time: toRfc3339(at),
        value,
      };
      const dearer = simulate({ ...priced, counters: [...month.counters, counter] });
      expect(minorUnits(dearer.total) >= minorUnits(simulate(priced).total)).toBe(true);
    }),
    { numRuns: 150 },
  );
});
