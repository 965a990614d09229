import type { Journal, JournalPositions, RecordFacts } from "./journal.ts";

/** What telling what is not rolled up yet needs. */
export interface PendingFactsDeps {
  readonly journal: Pick<Journal, "after">;
  readonly positions: Pick<JournalPositions, "get">;
}

/** A record that is not rolled up yet, with the entry of the journal that it is in. */
export interface PendingFacts {
  readonly entry: number;
  readonly line: RecordFacts;
}

/**
 * What a tenant's journal has that is not in its metrics. To be read before the metrics: what is rolled up meanwhile is
 * in the cells by then, and each of those says which entries are in it.
 */
export async function pendingFacts(
  { journal, positions }: PendingFactsDeps,
  tenantId: string,
): Promise<readonly PendingFacts[]> {
  const pending: PendingFacts[] = [];
  const rolledUp = await positions.get(tenantId, "metrics");
  for await (const { number: entry, lines } of journal.after(tenantId, rolledUp)) {
    for (const line of lines) pending.push({ entry, line });
  }
  return pending;
}
