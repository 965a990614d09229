import type { MeteringInput } from "../../../lib/usage/meter-usage.ts";

/**
 * Usage by meter, session and resource as the contract tells it, by visiting every millisecond of the period and
 * looking at everything each time. Slow, and independent of the code that it is the judge of.
 */
export function meterNaively(input: MeteringInput): Readonly<Record<string, bigint>> {
  const used: Record<string, bigint> = {};
  const seen: Record<string, bigint[]> = {};
  for (let now = input.period.startAtMs; now < input.period.endAtMs; now += 1) {
    for (const resourceId of new Set(input.gauges.map((reading) => reading.resourceId))) {
      for (const meter of new Set(input.gauges.map((reading) => reading.meter))) {
        const key = `${meter} ${holderNow(input, resourceId, now)} ${resourceId}`;
        used[key] = (used[key] ?? 0n) + levelNow(input, { resourceId, meter }, now);
      }
    }
    for (const event of input.counters.filter((one) => one.atMs === now)) {
      const key = `${event.meter} ${isLive(input, event.sessionId, now) ? event.sessionId : "nobody"} ${event.resourceId}`;
      seen[key] = [...(seen[key] ?? []), event.amount];
    }
  }
  for (const [key, amounts] of Object.entries(seen)) used[key] = aggregateNaively(key, amounts);
  return Object.fromEntries(Object.entries(used).filter(([, whole]) => whole > 0n));
}

function levelNow(input: MeteringInput, of: { resourceId: string; meter: string }, now: number): bigint {
  let holding: { atMs: number; id: string; level: bigint } | undefined;
  for (const reading of input.gauges) {
    if (reading.resourceId !== of.resourceId || reading.meter !== of.meter || reading.atMs > now) continue;
    const isLater = holding === undefined || reading.atMs > holding.atMs;
    if (isLater || (reading.atMs === holding?.atMs && reading.id > holding.id)) holding = reading;
  }
  return holding?.level ?? 0n;
}

function holderNow(input: MeteringInput, resourceId: string, now: number): string {
  let first: { fromAtMs: number; sessionId: string } | undefined;
  for (const one of input.attachments) {
    const holds =
      one.resourceId === resourceId && one.fromAtMs <= now && (one.toAtMs === null || now < one.toAtMs);
    if (!holds || !isLive(input, one.sessionId, now)) continue;
    if (first === undefined || one.fromAtMs < first.fromAtMs) first = one;
  }
  return first?.sessionId ?? "nobody";
}

function isLive(input: MeteringInput, sessionId: string, now: number): boolean {
  return input.sessions.some(
    (one) =>
      one.sessionId === sessionId &&
      one.startedAtMs <= now &&
      (one.endedAtMs === null || now < one.endedAtMs),
  );
}

function aggregateNaively(key: string, amounts: bigint[]): bigint {
  if (key.startsWith("calls")) return BigInt(amounts.length);
  if (key.startsWith("visitors"))
    return BigInt(amounts.filter((one, place) => amounts.indexOf(one) === place).length);
  if (key.startsWith("peak")) return amounts.sort((a, b) => (a < b ? 1 : -1))[0] ?? 0n;
  return amounts.reduce((sum, one) => sum + one, 0n);
}
