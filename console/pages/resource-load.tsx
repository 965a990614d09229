import { get } from "../api.ts";
import type { Page as ListPage } from "../documents.ts";
import { TimeChart } from "../parts/chart.tsx";
import { Empty, Loaded, Section } from "../parts/page.tsx";
import { useLoad } from "../parts/use-load.ts";

interface Sample {
  readonly time: string;
  readonly metric: string;
  readonly value: string;
}

/** The load of a resource, a chart for each of its metrics. */
export function ResourceLoad({ id }: { readonly id: string }) {
  const samples = useLoad(
    () => get<ListPage<Sample>>(`/v1/resources/${id}/metrics`, { query: { limit: 200 } }),
    id,
  );
  return (
    <Section title="Load">
      <Loaded of={samples} what="its load">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>No samples yet. Whatever watches it sends them to its metrics endpoint.</Empty>
          ) : (
            [...byMetric(items)].map(([metric, ofMetric]) => (
              <TimeChart
                key={metric}
                title={metric}
                kind="lines"
                unit={metric === "cpu" ? "%" : metric}
                times={ofMetric.map(({ time }) => Date.parse(time) / 1000)}
                series={[{ name: metric, values: ofMetric.map(({ value }) => Number(value)) }]}
              />
            ))
          )
        }
      </Loaded>
    </Section>
  );
}

function byMetric(samples: readonly Sample[]): ReadonlyMap<string, readonly Sample[]> {
  return Map.groupBy(samples.toReversed(), ({ metric }) => metric);
}
