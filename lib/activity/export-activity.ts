import type { EpochMs } from "../time.ts";
import type { ActivityReader, ActivityRecord } from "./activity.ts";
import { csvHeader, csvLine } from "./export-csv.ts";
import {
  type PageEnd,
  type SealedInterval,
  type ShownRecord,
  sealsOnPage,
  writeJsonLines,
} from "./export-jsonl.ts";
import { toOcsf } from "./export-ocsf.ts";
import type { Sha256 } from "./merkle.ts";
import type { Signer } from "./seal.ts";
import type { SealKey, SealStore } from "./seal-store.ts";

/** JSON Lines that prove themselves, CSV, or one OCSF event a line. */
export type ExportFormat = "jsonl" | "csv" | "ocsf";

/** Where an export goes on. */
export interface ExportPosition {
  /** The end of the range, which the first page settles: an export that is read does not grow by being read. */
  readonly untilMs: EpochMs;
  readonly afterId: string;
  /** How the page before ended, for the chain of `jsonl`. */
  readonly end?: PageEnd;
}

/** One page to be exported, half open: `fromMs <= time < toMs`. */
export interface ExportActivity {
  readonly tenantId: string;
  readonly format: ExportFormat;
  readonly fromMs?: EpochMs;
  /** Default: now. */
  readonly toMs?: EpochMs;
  /** Records of a page. It holds fewer where they are large. */
  readonly limit: number;
  readonly position?: ExportPosition;
}

/** One page, and where the next one begins if there is one. */
export interface ExportedActivity {
  readonly text: string;
  readonly records: number;
  readonly next?: ExportPosition;
}

/** What exporting needs. */
export interface ExportActivityDeps {
  readonly activity: Pick<ActivityReader, "find">;
  readonly seals: Pick<SealStore, "overlapping" | "leavesOf">;
  readonly signer: () => Promise<Signer & { readonly jwk: SealKey }>;
  readonly digest: Sha256;
  /** A record in the form that the API shows, which is the form that is proven. */
  readonly show: (record: ActivityRecord) => ShownRecord;
  readonly now: () => EpochMs;
}

/** In characters of JSON: what a page grows to in its format has to fit into an answer of 6 MB. */
const PAGE_LENGTH_MAX = 1_500_000;

/** Exports a range of the log, oldest first, a page at a time. Its pages put together are the whole range. */
export async function exportActivity(
  deps: ExportActivityDeps,
  request: ExportActivity,
): Promise<ExportedActivity> {
  const page = await readPage(deps, request);
  const { records, untilMs } = page;
  const written = await write(deps, request, page);
  const afterId = records.at(-1)?.id;
  return {
    text: written.text,
    records: records.length,
    ...(page.isLast || afterId === undefined
      ? {}
      : { next: { untilMs, afterId, ...(written.end && { end: written.end }) } }),
  };
}

interface Page {
  readonly records: readonly ActivityRecord[];
  readonly isLast: boolean;
  readonly untilMs: EpochMs;
}

async function readPage(
  deps: ExportActivityDeps,
  { tenantId, fromMs, toMs, limit, position }: ExportActivity,
): Promise<Page> {
  const untilMs = position?.untilMs ?? toMs ?? deps.now();
  const { records, nextAfterId } = await deps.activity.find({
    ...{ tenantId, limit, toMs: untilMs, order: "oldest_first" },
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(position === undefined ? {} : { afterId: position.afterId }),
  });
  const fitting = howManyFit(records);
  return {
    records: records.slice(0, fitting),
    isLast: fitting === records.length && nextAfterId === undefined,
    untilMs,
  };
}

function howManyFit(records: readonly ActivityRecord[]): number {
  let length = 0;
  const tooMuch = records.findIndex((record) => {
    length += JSON.stringify(record).length;
    return length > PAGE_LENGTH_MAX;
  });
  return tooMuch === -1 ? records.length : Math.max(1, tooMuch);
}

async function write(
  deps: ExportActivityDeps,
  request: ExportActivity,
  page: Page,
): Promise<{ readonly text: string; readonly end?: PageEnd }> {
  switch (request.format) {
    case "csv":
      return { text: (request.position ? "" : csvHeader()) + page.records.map(csvLine).join("") };
    case "ocsf":
      return { text: page.records.map((record) => `${JSON.stringify(toOcsf(record))}\n`).join("") };
    case "jsonl":
      return await writeProven(deps, request, page);
  }
}

async function writeProven(
  deps: ExportActivityDeps,
  { tenantId, fromMs, position }: ExportActivity,
  { records, isLast, untilMs }: Page,
) {
  const { jwk, ...signer } = await deps.signer();
  return writeJsonLines(
    { sha256: deps.digest, signer },
    {
      records: records.map(deps.show),
      range: { ...(fromMs === undefined ? {} : { fromMs }), toMs: untilMs },
      previous: position?.end,
      last: isLast,
      seals: await sealsOf(deps, { tenantId, fromMs, untilMs, records, isLast, position }),
      jwk,
    },
  );
}

interface Span extends Page {
  readonly tenantId: string;
  readonly fromMs: EpochMs | undefined;
  readonly position: ExportPosition | undefined;
}

async function sealsOf(deps: ExportActivityDeps, span: Span): Promise<readonly SealedInterval[]> {
  const { tenantId, fromMs, untilMs, records, isLast, position } = span;
  const last = isLast ? undefined : records.at(-1);
  const stretch = {
    fromMs: position === undefined ? (fromMs ?? 0) : (records[0]?.timeMs ?? untilMs),
    toMs: last === undefined ? untilMs : last.timeMs + 1,
  };
  const stored = await deps.seals.overlapping(tenantId, stretch);
  const intervals = await Promise.all(
    stored.map(async (one) => ({
      seal: one.seal,
      leaves: await deps.seals.leavesOf(one),
      jwk: one.jwk,
    })),
  );
  return sealsOnPage(intervals, {
    range: { ...(fromMs === undefined ? {} : { fromMs }), toMs: untilMs },
    ...(position === undefined ? {} : { afterId: position.afterId }),
    ...(last === undefined ? {} : { throughId: last.id }),
  });
}
