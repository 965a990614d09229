import type { Attachment, Level, ModelCounter, ModelResource } from "./model.ts";

/** When a session lived, as the product tells it in the end. */
export interface Life {
  readonly startMs: number;
  readonly endMs: number;
}

/** What a tenant's month is reckoned from. */
export interface BillInput {
  readonly resources: readonly ModelResource[];
  readonly counters: readonly ModelCounter[];
  readonly lives: ReadonlyMap<string, Life>;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A month in cents, by meter; a meter that nobody used has no line. */
export interface Bill {
  readonly lines: ReadonlyMap<string, bigint>;
  readonly total: bigint;
}

/** The card of all runs (USD): vCPU-hours, GiB-hours of storage, GiB out. */
export const CARD = {
  effectiveFrom: "2020-01-01T00:00:00Z",
  currency: "USD",
  meters: [
    { meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "0.04" },
    { meter: "storage", unit: "GiB-hour", model: "flat", unitPrice: "0.0003" },
    {
      meter: "network",
      unit: "GiB",
      model: "graduated",
      tiers: [
        { upTo: "100", unitPrice: "0.09" },
        { upTo: null, unitPrice: "0.085" },
      ],
    },
  ],
};

const HOUR_MS = 3_600_000n;

/** Reckons a month with whole numbers, in another way than the product does: millisecond by millisecond of what changes. */
export function billOf(input: BillInput): Bill {
  const cpu = heldUnits(input, "vm");
  const storage = heldUnits(input, "volume");
  const network = input.counters
    .filter(({ sessionId, atMs }) => isWithin(input, sessionId, atMs))
    .reduce((sum, { thousandths }) => sum + BigInt(thousandths), 0n);
  const first = network < 100_000n ? network : 100_000n;
  const lines = new Map<string, bigint>();
  // 0.04 a vCPU-hour is 4 cents, 0.0003 a GiB-hour 3 hundredths of one, 0.09 and 0.085 a GiB 90 and 85 tenths.
  if (cpu > 0n) lines.set("cpu", rounded(cpu * 4n, HOUR_MS));
  if (storage > 0n) lines.set("storage", rounded(storage * 3n, HOUR_MS * 100n));
  if (network > 0n) lines.set("network", rounded(first * 90n + (network - first) * 85n, 10_000n));
  return { lines, total: [...lines.values()].reduce((sum, cents) => sum + cents, 0n) };
}

function isWithin({ lives, fromMs, toMs }: BillInput, sessionId: string, atMs: number): boolean {
  const life = lives.get(sessionId);
  if (life === undefined || atMs < fromMs || atMs >= toMs) return false;
  return atMs >= life.startMs && atMs < life.endMs;
}

/** Units times milliseconds of the resources of a type while a session held them. */
function heldUnits(input: BillInput, type: ModelResource["type"]): bigint {
  return input.resources
    .filter((resource) => resource.type === type)
    .reduce((sum, resource) => sum + heldOf(input, resource), 0n);
}

function heldOf({ lives, fromMs, toMs }: BillInput, { levels, attachments }: ModelResource): bigint {
  const spans = attachments.flatMap((attachment) => spanOf(attachment, lives));
  const turns = [...levels.map(({ atMs }) => atMs), ...spans.flat(), fromMs, toMs].sort((a, b) => a - b);
  let sum = 0n;
  for (const [index, atMs] of turns.entries()) {
    const untilMs = turns[index + 1];
    if (untilMs === undefined || atMs < fromMs || untilMs > toMs) continue;
    const isHeld = spans.some(([from, to]) => from <= atMs && untilMs <= to);
    if (isHeld) sum += BigInt(levelAt(levels, atMs)) * BigInt(untilMs - atMs);
  }
  return sum;
}

function spanOf(
  { session, fromMs, toMs }: Attachment,
  lives: ReadonlyMap<string, Life>,
): readonly (readonly [number, number])[] {
  const life = lives.get(session.id);
  if (life === undefined) return [];
  return [[Math.max(fromMs, life.startMs), Math.min(toMs ?? Number.POSITIVE_INFINITY, life.endMs)]];
}

function levelAt(levels: readonly Level[], atMs: number): number {
  return levels.findLast((level) => level.atMs <= atMs)?.level ?? 0;
}

function rounded(over: bigint, under: bigint): bigint {
  return (over * 2n + under) / (under * 2n);
}
