import { type MeteringInput, meterUsage } from "../../../lib/usage/meter-usage.ts";
import { totalPeriod, totalUsage } from "../../../lib/usage/total-usage.ts";
import { fc } from "../../support/fast-check.ts";
import { METERS } from "./builders.ts";
import { meterNaively } from "./naive-meter.ts";
import { randomMonth } from "./random-month.ts";

const RUNS = { numRuns: 500 };

const bySessionAndResource = (input: MeteringInput) =>
  Object.fromEntries(
    meterUsage(input).map((row) => [
      `${row.meter} ${row.holder?.sessionId ?? "nobody"} ${row.resourceId}`,
      row.whole,
    ]),
  );

describe("random months", () => {
  test("are metered as by an oracle that looks at every millisecond", () => {
    fc.assert(
      fc.property(randomMonth, (month) => {
        expect(bySessionAndResource(month)).toEqual(meterNaively(month));
      }),
      { numRuns: 2000 },
    );
  });

  test("do not depend on the order of events nor on their repetition", () => {
    const shuffled = randomMonth.chain((month) =>
      fc.record({
        month: fc.constant(month),
        gauges: repeatedAndShuffled(month.gauges),
        counters: repeatedAndShuffled(month.counters),
        sessions: repeatedAndShuffled(month.sessions),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ month, ...again }) => {
        expect(totalPeriod({ ...month, ...again })).toEqual(totalPeriod(month));
      }),
      RUNS,
    );
  });

  test("cut into two periods anywhere add up to the whole", () => {
    const cut = fc.record({ month: randomMonth, cutMs: fc.integer({ min: 1, max: 39 }) });
    fc.assert(
      fc.property(cut, ({ month, cutMs }) => {
        const middleAtMs = month.period.startAtMs + cutMs;
        const before = meterUsage({ ...month, period: { ...month.period, endAtMs: middleAtMs } });
        const after = meterUsage({ ...month, period: { ...month.period, startAtMs: middleAtMs } });
        expect(totalUsage([...before, ...after], METERS)).toEqual(totalPeriod(month));
      }),
      RUNS,
    );
  });

  test("by the hour add up to the whole", () => {
    fc.assert(
      fc.property(randomMonth, (month) => {
        expect(totalUsage(meterUsage({ ...month, bucket: "hour" }), METERS)).toEqual(totalPeriod(month));
      }),
      RUNS,
    );
  });

  test("do not change by saying a level again that already holds", () => {
    const said = randomMonth.chain((month) =>
      fc.record({
        month: fc.constant(month),
        again: fc.nat({ max: Math.max(0, month.gauges.length - 1) }),
        afterMs: fc.integer({ min: 1, max: 20 }),
      }),
    );
    fc.assert(
      fc.property(said, ({ month, again, afterMs }) => {
        const reading = month.gauges[again];
        if (reading === undefined) return;
        const atMs = reading.atMs + afterMs;
        const isOverruled = month.gauges.some(
          (one) =>
            one.resourceId === reading.resourceId &&
            one.meter === reading.meter &&
            one.id !== reading.id &&
            one.atMs >= reading.atMs &&
            one.atMs <= atMs,
        );
        fc.pre(!isOverruled);
        const gauges = [...month.gauges, { ...reading, id: "again", atMs }];
        expect(totalPeriod({ ...month, gauges })).toEqual(totalPeriod(month));
      }),
      RUNS,
    );
  });

  test("do not change by cutting an attachment in two", () => {
    const cut = fc.record({ month: randomMonth, cutMs: fc.integer({ min: 1, max: 39 }) });
    fc.assert(
      fc.property(cut, ({ month, cutMs }) => {
        const [first, ...others] = month.attachments;
        if (first === undefined) return;
        // Who attached first goes by `from`: the second half keeps its rank only where nobody else holds the resource.
        fc.pre(others.every(({ resourceId }) => resourceId !== first.resourceId));
        const middleAtMs = first.fromAtMs + cutMs;
        fc.pre(first.toAtMs === null || middleAtMs < first.toAtMs);
        const attachments = [{ ...first, toAtMs: middleAtMs }, { ...first, fromAtMs: middleAtMs }, ...others];
        expect(totalPeriod({ ...month, attachments })).toEqual(totalPeriod(month));
      }),
      RUNS,
    );
  });
});

function repeatedAndShuffled<Item>(items: readonly Item[]): fc.Arbitrary<Item[]> {
  const all = [...items, ...items];
  return fc
    .tuple(
      fc.shuffledSubarray([...items.keys()], { minLength: items.length }),
      fc.shuffledSubarray([...all.keys()]),
    )
    .map(([places, more]) => [...places, ...more].flatMap((place) => all.slice(place, place + 1)));
}
