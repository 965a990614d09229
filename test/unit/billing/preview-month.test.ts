import { previewMonth } from "../../../lib/billing/preview-month.ts";
import type { MeterPrice, RateCard } from "../../../lib/billing/rate-card.ts";
import { NO_TERMS } from "../../../lib/billing/terms.ts";
import { ATTO_PER_UNIT } from "../../../lib/decimal.ts";
import { totalUsage } from "../../../lib/usage/total-usage.ts";
import { BUILT_IN_METERS, type Period, type UsageRow } from "../../../lib/usage/usage.ts";

const at = (time: string) => Date.parse(time);
const units = (whole: number) => BigInt(whole) * ATTO_PER_UNIT;

const price = (
  meter: string,
  changes: { unitPrice?: bigint; freeAllowance?: bigint; aggregation?: "max" } = {},
): MeterPrice => ({
  ...{ meter, unit: "unit", model: "flat", unitPrice: units(1), freeAllowance: 0n },
  ...changes,
});

const card = (meters: readonly MeterPrice[], changes: Partial<RateCard> = {}): RateCard => ({
  ...{ version: 1, effectiveFromAtMs: 0, currency: "USD", meters, minimumCharge: 0n, taxRate: 0n },
  ...changes,
});

/** A third of the 30 days of November has gone by; so much of each meter was used on the first day. */
function preview(
  cards: readonly RateCard[],
  used: Readonly<Record<string, bigint>>,
  now = "2026-11-11T00:00:00Z",
) {
  const holder = { sessionId: "s1", userId: "u1", startedAtMs: at("2026-11-01T00:00:00Z") };
  const rowsIn = (period: Period): readonly UsageRow[] =>
    Object.entries(used)
      .map(([meter, whole]) => ({
        ...{ meter, resourceId: "r1", holder, bucketStartAtMs: holder.startedAtMs, whole },
      }))
      .filter(({ bucketStartAtMs }) => bucketStartAtMs >= period.startAtMs);
  return previewMonth(
    {
      now: () => at(now),
      cards: { all: async () => cards },
      terms: { newest: async () => NO_TERMS, get: async () => NO_TERMS },
      credits: { all: async () => [] },
      usage: { rows: async ({ period }) => rowsIn(period) },
      builtInMeters: BUILT_IN_METERS,
      totalUsage,
    },
    "ten_1",
  );
}

describe("the forecast", () => {
  test("goes on at the rate of the month so far", async () => {
    const month = await preview([card([price("network")])], { network: units(10) });
    expect(month).toMatchObject({ total: "10.00", forecast: { total: "30.00" } });
  });

  test("counts the allowance once for the whole month", async () => {
    const free = price("network", { freeAllowance: units(12) });
    const month = await preview([card([free])], { network: units(10) });
    expect(month).toMatchObject({ total: "0.00", forecast: { total: "18.00" } });
  });

  test("takes a peak for what it is", async () => {
    const peak = price("seats", { aggregation: "max" });
    const month = await preview([card([peak])], { seats: units(10) });
    expect(month.forecast.total).toBe("10.00");
  });

  test("has the month's minimum and tax", async () => {
    const least = card([price("network")], { minimumCharge: units(50), taxRate: ATTO_PER_UNIT / 10n });
    expect((await preview([least], { network: units(10) })).forecast.total).toBe("55.00");
  });

  test("goes on under the card that is in force now, from when it came into force", async () => {
    const dearer = card([price("network", { unitPrice: units(2) })], {
      version: 2,
      effectiveFromAtMs: at("2026-11-06T00:00:00Z"),
    });
    // All was used under the first card: 10 of it, and nothing under the second to go on with.
    const month = await preview([card([price("network")]), dearer], { network: units(10) });
    expect(month.forecast.total).toBe("10.00");
  });
});

test("a month before any card is in force has no preview", async () => {
  const later = card([price("network")], { effectiveFromAtMs: at("2026-12-01T00:00:00Z") });
  await expect(preview([later], {})).rejects.toMatchObject({ code: "unprocessable" });
});
