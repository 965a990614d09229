import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

/** A line or a row of bars over time. */
export interface Series {
  readonly name: string;
  /** Values in the order of the chart's times; `null` where there is none. */
  readonly values: ReadonlyArray<number | null>;
}

const COLOURS = ["#3b82f6", "#f59e0b", "#10b981", "#a855f7", "#ef4444", "#64748b"] as const;
const HEIGHT = 220;
const HALF_A_DAY_SECONDS = 43_200;

/** A chart of values over time. What it shows is also in the table under it, for those who cannot see it. */
export function TimeChart(props: {
  readonly title: string;
  /** Seconds since the epoch, rising. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly kind: "lines" | "bars";
  readonly unit: string;
  /** Shows moments as days of UTC, as bills have them. */
  readonly byDay?: boolean;
}) {
  const element = useRef<HTMLDivElement>(null);
  const { title, times, series, kind, unit, byDay = false } = props;
  const key = JSON.stringify([times, series, kind, unit, byDay]);
  useEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const [shownTimes, shownSeries]: [number[], Series[]] = JSON.parse(key);
    const chart = new uPlot(
      optionsOf({ series: shownSeries, kind, unit, byDay, width: target.clientWidth }),
      [shownTimes, ...shownSeries.map(({ values }) => [...values])],
      target,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: target.clientWidth, height: HEIGHT }));
    observer.observe(target);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [key, kind, unit, byDay]);
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div ref={element} aria-hidden="true" />
      <Numbers {...props} byDay={byDay} />
    </figure>
  );
}

interface ChartFacts {
  readonly series: readonly Series[];
  readonly kind: "lines" | "bars";
  readonly unit: string;
  readonly byDay: boolean;
  readonly width: number;
}

function optionsOf({ series, kind, unit, byDay, width }: ChartFacts): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--pico-muted-color").trim() || "#666";
  const line = style.getPropertyValue("--line").trim() || "#ddd";
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line } };
  const bars = kind === "bars" ? uPlot.paths.bars?.({ size: [0.6, 60] }) : undefined;
  return {
    width,
    height: HEIGHT,
    ...(byDay ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC") } : {}),
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { time: true, ...(kind === "bars" ? { range: withHalfABar } : {}) },
      y: { range: (_chart, _min, max) => [0, max > 0 ? max * 1.1 : 1] },
    },
    axes: [axis, { ...axis, size: 62 }],
    series: [
      {},
      ...series.map(({ name }, index) => {
        const colour = COLOURS[index % COLOURS.length] ?? COLOURS[0];
        return {
          label: `${name} (${unit})`,
          stroke: colour,
          width: 2,
          ...(kind === "bars" ? { fill: `${colour}cc`, points: { show: false } } : {}),
          ...(bars === undefined ? {} : { paths: bars }),
        };
      }),
    ],
  };
}

/** Room for the first and the last bar, which stand on their day. */
function withHalfABar(_chart: uPlot, first: number, last: number): uPlot.Range.MinMax {
  return [first - HALF_A_DAY_SECONDS, last + HALF_A_DAY_SECONDS];
}

function Numbers(props: {
  readonly title: string;
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly unit: string;
  readonly byDay: boolean;
}) {
  const { title, times, series, unit, byDay } = props;
  return (
    <details>
      <summary>The numbers</summary>
      <div class="scroll">
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">{byDay ? "Day (UTC)" : "Time"}</th>
              {series.map(({ name }) => (
                <th scope="col" class="number" key={name}>
                  {name} ({unit})
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.map((seconds, index) => (
              <tr key={seconds}>
                <td>{momentOf(seconds, byDay)}</td>
                {series.map(({ name, values }) => (
                  <td class="number" key={name}>
                    {values[index] ?? "–"}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function momentOf(seconds: number, byDay: boolean): string {
  const text = new Date(seconds * 1000).toISOString();
  return byDay ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ");
}
