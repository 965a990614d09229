import type { ActivityRecord } from "../activity/activity.ts";
import type { Journal, RecordsById } from "../activity/journal.ts";
import { AppError } from "../errors.ts";
import type { EpochMs } from "../time.ts";

/** What finding out what a feed missed needs. */
export interface MissedRecordsDeps {
  readonly journal: Pick<Journal, "newestFirst">;
  readonly records: RecordsById;
  readonly pause: (ms: number) => Promise<void>;
}

/** A stretch of the log in the order in which records came in, both ends left out. */
export interface Stretch {
  readonly tenantId: string;
  readonly sinceId: string;
  readonly beforeId: string;
  /** When the later end was received: entries bound before cannot hold it. */
  readonly beforeReceivedAtMs: EpochMs;
}

/** The most that a feed brings after the fact: more is quicker read from the log. */
export const MISSED_MAX = 1000;

const PAUSE_MS = 25;
/** The journal is written beside the feed, from the same stream: it is a moment ahead or behind. */
const ATTEMPTS = 400;

/**
 * Reads what came in between two records, as it came in. Waits until the later of the two is in the journal.
 * @throws AppError `unavailable` when it does not come, `conflict` when it is more than `MISSED_MAX`
 */
export async function missedRecords(
  deps: MissedRecordsDeps,
  stretch: Stretch,
): Promise<readonly ActivityRecord[]> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const ids = await idsBetween(deps, stretch);
    if (ids !== undefined) return await inOrder(deps, stretch.tenantId, ids);
    await deps.pause(PAUSE_MS);
  }
  throw new AppError("unavailable", "The journal has not come to where the feed begins.");
}

/**
 * How much came in since a record, as far as the journal goes; `MISSED_MAX + 1` stands for more.
 */
export async function countSince(
  { journal }: Pick<MissedRecordsDeps, "journal">,
  tenantId: string,
  since: Pick<ActivityRecord, "id" | "receivedAtMs">,
): Promise<number> {
  let count = 0;
  for await (const { lines, boundMs } of journal.newestFirst(tenantId)) {
    const place = lines.findIndex(({ recordId }) => recordId === since.id);
    count += lines.length - 1 - place;
    // An entry that is bound before its receipt cannot hold it: the journal has not come so far yet.
    if (place !== -1 || count > MISSED_MAX || boundMs <= since.receivedAtMs) break;
  }
  return Math.min(count, MISSED_MAX + 1);
}

/** `undefined` while the later end has not come. */
async function idsBetween(
  { journal }: Pick<MissedRecordsDeps, "journal">,
  { tenantId, sinceId, beforeId, beforeReceivedAtMs }: Stretch,
): Promise<readonly string[] | undefined> {
  const entries: (readonly string[])[] = [];
  let count = 0;
  let hasEnd = false;
  for await (const { lines, boundMs } of journal.newestFirst(tenantId)) {
    let ids = lines.map(({ recordId }) => recordId);
    const end = ids.indexOf(beforeId);
    if (!hasEnd && boundMs <= beforeReceivedAtMs) return undefined;
    if (!hasEnd && end === -1) continue;
    if (!hasEnd) ids = ids.slice(0, end);
    hasEnd = true;
    const start = ids.indexOf(sinceId);
    entries.unshift(ids.slice(start + 1));
    count += ids.length - start - 1;
    if (start !== -1) return entries.flat();
    if (count > MISSED_MAX) break;
  }
  if (!hasEnd) return undefined;
  throw new AppError("conflict", "More was missed than a feed brings: read it from the log.");
}

async function inOrder(
  { records }: Pick<MissedRecordsDeps, "records">,
  tenantId: string,
  ids: readonly string[],
): Promise<readonly ActivityRecord[]> {
  if (ids.length === 0) return [];
  const byId = new Map((await records.getMany(tenantId, ids)).map((record) => [record.id, record]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
