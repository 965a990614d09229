import { AppError } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import type { Journal, JournalEntry, JournalPositions, RecordFacts } from "./journal.ts";
import {
  type CellChange,
  type CellKey,
  cellsOf,
  figuresOf,
  type MetricStore,
  mergeFigures,
  type StoredCell,
} from "./metrics.ts";

/** What rolling metrics up needs. */
export interface RollUpMetricsDeps {
  readonly journal: Pick<Journal, "after">;
  readonly positions: JournalPositions;
  readonly metrics: Pick<MetricStore, "load" | "save">;
}

/** Records that are taken together: what goes into one cell is then one write. */
export const LINES_MAX = 2000;
/** Cells that are read and written together. */
export const CELLS_MAX = 500;

/**
 * Adds to a tenant's metrics what its journal has that is not in them. Each cell says which entry it is at, and takes
 * those after it: a run that is killed anywhere, repeated or doubled counts each record once.
 * @throws AppError `unavailable` when another run is at the same cells: the next one goes on
 */
export async function rollUpMetrics(deps: RollUpMetricsDeps, tenantId: string): Promise<void> {
  const from = await deps.positions.get(tenantId, "metrics");
  let entries: JournalEntry[] = [];
  let lines = 0;
  for await (const entry of deps.journal.after(tenantId, from)) {
    entries.push(entry);
    lines += entry.lines.length;
    if (lines < LINES_MAX) continue;
    await addEntries(deps, tenantId, entries);
    entries = [];
    lines = 0;
  }
  await addEntries(deps, tenantId, entries);
}

async function addEntries(
  deps: RollUpMetricsDeps,
  tenantId: string,
  entries: readonly JournalEntry[],
): Promise<void> {
  const last = entries.at(-1);
  if (last === undefined) return;
  const cells = [...additionsTo(tenantId, entries).values()];
  for (let from = 0; from < cells.length; from += CELLS_MAX) {
    const some = cells.slice(from, from + CELLS_MAX);
    const stored = await deps.metrics.load(some.map(({ key }) => key));
    const changes = some.flatMap((cell, place) => changeOf(cell, stored[place]));
    if (!(await deps.metrics.save(changes))) {
      throw new AppError("unavailable", "Another run is adding to the same metrics.");
    }
  }
  await deps.positions.advance({ tenantId, reader: "metrics", to: last.number });
}

/** What is to be added to one cell, entry by entry. */
interface Addition {
  readonly key: CellKey;
  readonly lines: { readonly entry: number; readonly line: RecordFacts }[];
  keptUntilMs: EpochMs;
}

function additionsTo(tenantId: string, entries: readonly JournalEntry[]): ReadonlyMap<string, Addition> {
  const additions = new Map<string, Addition>();
  for (const { number: entry, lines, keptUntilMs } of entries) {
    for (const line of lines) {
      for (const key of cellsOf(tenantId, line)) {
        const name = JSON.stringify(key);
        const addition = additions.get(name) ?? { key, lines: [], keptUntilMs };
        addition.lines.push({ entry, line });
        addition.keptUntilMs = Math.max(addition.keptUntilMs, keptUntilMs);
        additions.set(name, addition);
      }
    }
  }
  return additions;
}

function changeOf(
  { key, lines, keptUntilMs }: Addition,
  stored: StoredCell | undefined,
): readonly CellChange[] {
  const before = stored?.throughEntry;
  const fresh = lines.filter(({ entry }) => entry > (before ?? 0));
  const throughEntry = fresh.at(-1)?.entry;
  if (throughEntry === undefined) return [];
  let figures = stored?.figures;
  for (const { line } of fresh) figures = mergeFigures(figures, figuresOf(line));
  return figures === undefined ? [] : [{ key, after: { figures, throughEntry }, before, keptUntilMs }];
}
