import type { Leaf } from "./export-jsonl.ts";
import type { Journal, JournalEntry, JournalPositions } from "./journal.ts";
import { fromHex } from "./merkle.ts";
import { makeSeal, type SealDeps, type Signer } from "./seal.ts";
import type { SealBacklog, SealKey, SealStore, StoredSeal, TenantBacklog } from "./seal-store.ts";

/** What sealing needs. `newId` sorts by time. */
export interface SealActivityDeps extends Pick<SealDeps, "sha256"> {
  readonly journal: Pick<Journal, "after">;
  readonly positions: Pick<JournalPositions, "get">;
  readonly backlog: Pick<SealBacklog, "clear">;
  readonly seals: Pick<SealStore, "last" | "append">;
  readonly signer: () => Promise<Signer & { readonly jwk: SealKey }>;
  readonly newId: (prefix: "sel") => string;
}

/** Leaves under one seal: its proofs are worked out from all of them, and its row is written in one transaction. */
const LEAVES_MAX = 10_000;

/**
 * Seals what a tenant's journal has that no seal covers, in its order. A seal is keyed by where it begins, which is
 * where the one before it ends: however many runs there are at once, and wherever one is killed, each seal has one
 * successor.
 * @returns how many records were sealed
 */
export async function sealActivity(deps: SealActivityDeps, due: TenantBacklog): Promise<number> {
  const { tenantId } = due;
  let last = await deps.seals.last(tenantId);
  let sealed = 0;
  for await (const interval of intervalsAfter(deps, tenantId, last)) {
    const next = await sealInterval(deps, interval, last);
    // Another run is at work from the same place, and seals the rest.
    if (next === undefined) return sealed;
    last = next;
    sealed += next.seal.treeSize;
  }
  const rolledUp = await deps.positions.get(tenantId, "metrics");
  if (Math.min(last?.throughEntry ?? 0, rolledUp) >= due.number) await deps.backlog.clear(due);
  return sealed;
}

/** Whole entries, together as many as go under one seal. */
async function* intervalsAfter(
  { journal }: Pick<SealActivityDeps, "journal">,
  tenantId: string,
  last: StoredSeal | undefined,
): AsyncGenerator<readonly JournalEntry[]> {
  let interval: JournalEntry[] = [];
  let leaves = 0;
  for await (const entry of journal.after(tenantId, last?.throughEntry ?? 0)) {
    if (leaves > 0 && leaves + entry.lines.length > LEAVES_MAX) {
      yield interval;
      interval = [];
      leaves = 0;
    }
    interval.push(entry);
    leaves += entry.lines.length;
  }
  if (interval.length > 0) yield interval;
}

async function sealInterval(
  deps: SealActivityDeps,
  entries: readonly JournalEntry[],
  previous: StoredSeal | undefined,
): Promise<StoredSeal | undefined> {
  const lines = entries.flatMap((entry) => entry.lines).sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined) throw new Error("An interval has no entry.");
  // A tenant's first seal begins with its first record; entries do not change, so that it is the same for every run.
  const fromMs = previous?.toMs ?? first.lines[0]?.receivedAtMs ?? 0;
  const toMs = Math.max(last.boundMs, fromMs + 1);
  const { jwk, ...signer } = await deps.signer();
  const hashes = lines.map(({ leafHash }) => fromHex(leafHash) ?? new Uint8Array());
  const stored: StoredSeal = {
    tenantId: first.tenantId,
    seal: makeSeal(
      { sha256: deps.sha256, signer },
      { id: deps.newId("sel"), fromMs, toMs, leaves: hashes, previous: previous?.seal },
    ),
    jwk,
    throughEntry: last.number,
    fromMs,
    toMs,
    earliestMs: Math.min(...lines.map(({ timeMs }) => timeMs)),
    latestMs: Math.max(...lines.map(({ timeMs }) => timeMs)),
    keptUntilMs: Math.max(...entries.map(({ keptUntilMs }) => keptUntilMs)),
  };
  const leaves: readonly Leaf[] = lines.map(({ recordId, leafHash }) => [recordId, leafHash]);
  return (await deps.seals.append(stored, leaves)) ? stored : undefined;
}
