/** One of those that are measured beside each other. */
export interface Contender {
  readonly name: string;
  /** Does its work `times` over, and nothing else. */
  readonly run: (times: number) => unknown;
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
    for (const contender of [...contenders.slice(from), ...contenders.slice(0, from)]) {
      const count = times.get(contender.name) ?? 1;
      taken.get(contender.name)?.push((await tookMs(contender, count)) / count);
    }
  }
  return new Map([...taken].map(([name, each]) => [name, median(each) * 1_000_000]));
}

/** How often it can be done in a repetition; finding out warms it up. */
async function timesIn(contender: Contender, roundMs: number): Promise<number> {
  let times = 1;
  for (;;) {
    const took = await tookMs(contender, times);
    if (took >= roundMs / 2) return Math.max(1, Math.round((times * roundMs) / took));
    times *= took < roundMs / 20 ? 4 : 2;
  }
}

async function tookMs({ run }: Contender, times: number): Promise<number> {
  const startedAt = performance.now();
  const done = run(times);
  if (done instanceof Promise) await done;
  return performance.now() - startedAt;
}

/** The middle one, or what is between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}
