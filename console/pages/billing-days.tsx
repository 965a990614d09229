import { get } from "../api.ts";
import type { Page as ListPage } from "../documents.ts";
import type { Preview } from "../invoices.ts";
import { type Series, TimeChart } from "../parts/chart.tsx";
import { Empty, Loaded, Section } from "../parts/page.tsx";
import { useLoad } from "../parts/use-load.ts";

interface HourOfUsage {
  readonly key: string | null;
  readonly meter: string;
  readonly quantity: string;
}

/** A month has 744 hours; what is more than these pages of 200 is not drawn. */
const PAGES_MAX = 20;
const DAY_SECONDS = 86_400;

/** What each day of the month cost: its part of each line, by what was used on it. */
export function CostByDay({ preview }: { readonly preview: Preview }) {
  const hours = useLoad(() => hoursOf(preview.period), preview.period.start);
  return (
    <Section
      title="By day"
      intro="Each day’s share of the month’s amounts, by what was used on it: a picture. The exact amounts are under it."
    >
      <Loaded of={hours} what="the month’s usage">
        {(items) => {
          const { times, series } = costsOf(items, preview);
          return times.length === 0 ? (
            <Empty>Nothing was used yet this month.</Empty>
          ) : (
            <TimeChart
              title="Cost by day"
              kind="bars"
              unit={preview.currency}
              times={times}
              series={series}
              byDay
            />
          );
        }}
      </Loaded>
    </Section>
  );
}

async function hoursOf({ start }: Preview["period"]): Promise<readonly HourOfUsage[]> {
  const items: HourOfUsage[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = { groupBy: "hour", from: start, limit: 200, cursor };
    const answer = await get<ListPage<HourOfUsage>>("/v1/usage", { query });
    items.push(...answer.items);
    if (answer.nextCursor === null) break;
    cursor = answer.nextCursor;
  }
  return items;
}

function costsOf(
  items: readonly HourOfUsage[],
  { lines, period }: Preview,
): { readonly times: readonly number[]; readonly series: readonly Series[] } {
  const used = items.filter((item) => item.key !== null && Number(item.quantity) > 0);
  const last = Math.max(...used.map((item) => dayOf(item.key ?? "")));
  const first = dayOf(period.start);
  if (used.length === 0) return { times: [], series: [] };
  const times = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * DAY_SECONDS);
  const total = times.map((seconds) => {
    const ofDay = used.filter((item) => dayOf(item.key ?? "") === seconds / DAY_SECONDS);
    const cost = ofDay.reduce((sum, { meter, quantity }) => sum + Number(quantity) * rateOf(meter, lines), 0);
    return Math.round(cost * 100) / 100;
  });
  return { times, series: [{ name: "Cost", values: total }] };
}

/** What a unit came to in the month, over all tiers and allowances. */
function rateOf(meter: string, lines: Preview["lines"]): number {
  const line = lines.find((one) => one.meter === meter);
  return line === undefined || Number(line.quantity) === 0 ? 0 : Number(line.amount) / Number(line.quantity);
}

function dayOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000 / DAY_SECONDS);
}
