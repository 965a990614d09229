/** One of those that are measured beside each other. */
export interface Contender {
  readonly name: string;
  /** Does its work `times` over, and says how many milliseconds that took. */
  readonly tookMs: (times: number) => Promise<number>;
}

/** How long, and how often, each is looked at. */
export interface Pace {
  /** Repetitions; the figure is the median of them. */
  readonly rounds: number;
  /** Milliseconds that one repetition takes, roughly. */
  readonly roundMs: number;
}

const DEFAULT_PACE: Pace = { rounds: 7, roundMs: 200 };

/**
 * Measures contenders in turn, so that whatever else the machine does in the meantime meets all of them: the
 * nanoseconds that one piece of work takes each, the median of the repetitions.
 */
export async function interleaved(
  contenders: readonly Contender[],
  { rounds, roundMs }: Pace = DEFAULT_PACE,
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for (const contender of contenders) times.set(contender.name, await timesIn(contender, roundMs));
  const taken = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // Who comes first changes with each round.
    const from = round % contenders.length;
    for (const { name, tookMs } of [...contenders.slice(from), ...contenders.slice(0, from)]) {
      const count = times.get(name) ?? 1;
      taken.get(name)?.push((await tookMs(count)) / count);
    }
  }
  return new Map([...taken].map(([name, each]) => [name, median(each) * 1_000_000]));
}

/** Work of this process: it does it `times` over, and nothing else. Its milliseconds are those of the CPU. */
export function inThisProcess(name: string, work: (times: number) => unknown): Contender {
  return {
    name,
    tookMs: async (times) => {
      const before = process.cpuUsage();
      work(times);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    },
  };
}

/** How often it can be done in a repetition; finding out warms it up. */
async function timesIn({ tookMs }: Contender, roundMs: number): Promise<number> {
  let times = 1;
  for (;;) {
    const took = await tookMs(times);
    if (took >= roundMs / 2) return Math.max(1, Math.round((times * roundMs) / took));
    times *= took < roundMs / 20 ? 4 : 2;
  }
}

/** The middle one, or what is between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}
