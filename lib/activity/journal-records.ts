import { AppError } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { ActivityRecord } from "./activity.ts";
import type { Arrival, Journal, JournalEntry, JournalLine, RecordFacts } from "./journal.ts";
import { leafHash, type Sha256, toHex } from "./merkle.ts";

/** What writing the journal needs. */
export interface JournalRecordsDeps {
  readonly journal: Pick<Journal, "newestFirst" | "append">;
  readonly sha256: Sha256;
  /** A record in the form that the API shows, which is the form that is proven. */
  readonly show: (record: ActivityRecord) => object;
}

/** Others who write the same tenant's journal at the same time: a redelivery, at most a few. */
const ATTEMPTS = 20;

/**
 * Adds records of one tenant to its journal, in the order given, those that are not in it. Repeating it, also at the
 * same time, adds nothing.
 *
 * A record received at or after the bound of the last entry cannot be in any: looking back goes only as far as entries
 * reach whose bound is later than the receipt.
 * @throws AppError `unavailable`
 */
export async function journalRecords(
  deps: JournalRecordsDeps,
  tenantId: string,
  arrivals: readonly Arrival[],
): Promise<void> {
  const offered = new Map(arrivals.map((arrival) => [arrival.record.id, arrival]));
  if (offered.size === 0) return;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { last, known } = await lookBack(deps.journal, tenantId, [...offered.values()]);
    const fresh = [...offered.values()].filter(({ record }) => !known.has(record.id));
    if (fresh.length === 0) return;
    if (await deps.journal.append(entryAfter(deps, last, { tenantId, fresh }))) return;
  }
  throw new AppError("unavailable", "The journal is being written by too many at once.");
}

async function lookBack(
  journal: Pick<Journal, "newestFirst">,
  tenantId: string,
  arrivals: readonly Arrival[],
): Promise<{ readonly last: JournalEntry | undefined; readonly known: ReadonlySet<string> }> {
  const earliestMs = Math.min(...arrivals.map(({ record }) => record.receivedAtMs));
  const known = new Set<string>();
  let last: JournalEntry | undefined;
  for await (const entry of journal.newestFirst(tenantId)) {
    last ??= entry;
    if (entry.boundMs <= earliestMs) break;
    for (const { recordId } of entry.lines) known.add(recordId);
  }
  return { last, known };
}

function entryAfter(
  deps: JournalRecordsDeps,
  last: JournalEntry | undefined,
  { tenantId, fresh }: { readonly tenantId: string; readonly fresh: readonly Arrival[] },
): JournalEntry {
  const receipts: readonly EpochMs[] = fresh.map(({ record }) => record.receivedAtMs);
  return {
    tenantId,
    number: (last?.number ?? 0) + 1,
    boundMs: Math.max(last?.boundMs ?? 0, ...receipts.map((atMs) => atMs + 1)),
    keptUntilMs: Math.max(...fresh.map(({ keptUntilMs }) => keptUntilMs)),
    lines: fresh.map(({ record }) => lineOf(deps, record)),
  };
}

function lineOf({ sha256, show }: JournalRecordsDeps, record: ActivityRecord): JournalLine {
  return { ...factsOf(record), leafHash: toHex(leafHash(sha256, show(record))) };
}

/** What metrics are made of, of one record. */
export function factsOf(record: ActivityRecord): RecordFacts {
  const { id, timeMs, receivedAtMs, action, actor, sessionId, taskId, resource, errorCode } = record;
  return {
    recordId: id,
    timeMs,
    receivedAtMs,
    action,
    userId: actor.onBehalfOf ?? actor.id,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(taskId === undefined ? {} : { taskId }),
    ...(resource === undefined ? {} : { resource: `${resource.type}/${resource.id}` }),
    outcome: record.outcome,
    ...(errorCode === undefined ? {} : { errorCode }),
    durationMs: record.durationMs,
  };
}
