/** What one session used in a month: whole vCPUs from instants on, and thousandths of a GiB. */
export interface ModelMonth {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly levels: readonly { readonly atMs: number; readonly vcpus: number }[];
  readonly milliGiB: readonly number[];
}

/** A month of one session of ten hours. */
export function randomModelMonth(month: string, random: (below: number) => number): ModelMonth {
  const startedAtMs = Date.parse(`${month}-10T08:00:00Z`);
  const endedAtMs = startedAtMs + 36_000_000;
  const times = new Set(Array.from({ length: 1 + random(6) }, () => startedAtMs + random(36_000_000)));
  return {
    startedAtMs,
    endedAtMs,
    levels: [...times].sort((a, b) => a - b).map((atMs) => ({ atMs, vcpus: random(64) })),
    milliGiB: Array.from({ length: random(5) }, () => random(90_000)),
  };
}

/**
 * What such a month costs in cents: the vCPU-hours at 0.04, and the GiB at 0.09 up to 100 and at 0.085 beyond; each line
 * rounded by itself. Reckoned with whole numbers and in another way than the product does.
 */
export function modelCents({ endedAtMs, levels, milliGiB }: ModelMonth): bigint {
  const vcpuMs = levels.reduce(
    (sum, { atMs, vcpus }, place) =>
      sum + BigInt(vcpus) * BigInt((levels[place + 1]?.atMs ?? endedAtMs) - atMs),
    0n,
  );
  const used = milliGiB.reduce((sum, amount) => sum + BigInt(amount), 0n);
  const first = used < 100_000n ? used : 100_000n;
  // A cent is 10^2 of a dollar; 0.04 a vCPU-hour is 4 cents for 3,600,000 vCPU-milliseconds.
  const cpu = rounded(vcpuMs * 4n, 3_600_000n);
  // 0.09 and 0.085 a GiB are 9 and 8.5 cents for 1,000 thousandths.
  const network = rounded(first * 90n + (used - first) * 85n, 10_000n);
  return cpu + network;
}

function rounded(over: bigint, under: bigint): bigint {
  return (over + under / 2n) / under;
}
