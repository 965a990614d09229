import { tryParseRfc3339 } from "../time.ts";
import { isInRange, type Leaf, type PageStatement, type SealedInterval } from "./export-jsonl.ts";
import { fromHex, merkleTree, type Sha256, toHex } from "./merkle.ts";
import { type CheckDeps, documentHash, isSigned, type Seal } from "./seal.ts";
import { type ExportLine, type ExportPageEnd, type Fault, readExport } from "./verify-read.ts";

/** What came of checking an export. */
export type ExportVerdict =
  | {
      readonly ok: true;
      readonly records: number;
      readonly pages: number;
      readonly seals: number;
      /** Records that no seal covers yet: their pages' signatures alone speak for them. */
      readonly unsealed: number;
    }
  | { readonly ok: false; readonly fault: Fault };

/** What the checking of an export needs. */
export interface CheckExportDeps extends CheckDeps {
  /**
   * Checks the signature of a seal, also with the keys that the export brings for its seals. A page's statement is
   * signed by a key that is trusted and says which seals it brings: it speaks for their keys, which may have retired.
   */
  readonly checkSealSignature: CheckDeps["checkSignature"];
}

/**
 * Checks an export (JSON Lines, all pages put together) by the signatures in it alone: that each record is
 * the one exported, none is missing, added or elsewhere, the end is there, and all agrees with the seals of
 * its time.
 */
export function verifyExport(deps: CheckExportDeps, text: string): ExportVerdict {
  const file = readExport(deps.sha256, text);
  if ("fault" in file) return { ok: false, fault: file.fault };
  const { lines, ends } = file;
  const intervals = ends.flatMap(({ integrity }) => integrity.seals);
  const fault =
    faultInPages(ends, lines) ??
    faultInOrder(
      ends.flatMap(({ integrity }) => integrity.leaves),
      lines,
    ) ??
    faultInStatements(deps, ends) ??
    faultInSeals(deps, ends, lines);
  if (fault !== undefined) return { ok: false, fault };
  const sealed = new Set(intervals.flatMap(({ leaves }) => leaves.map(([id]) => id)));
  const unsealed = lines.filter(({ id }) => !sealed.has(id)).length;
  return { ok: true, records: lines.length, pages: ends.length, seals: intervals.length, unsealed };
}

/** Whether all pages are there, from the first to the one that says it is the last. */
function faultInPages(ends: readonly ExportPageEnd[], lines: readonly ExportLine[]): Fault | undefined {
  for (const [index, { integrity, recordId }] of ends.entries()) {
    const { page, previousRecordId } = integrity.statement;
    if (page > index + 1) {
      return {
        kind: "removed",
        message: `Page ${index + 1} has lost its last record, ${previousRecordId}, or all of its records.`,
        ...(previousRecordId === null ? {} : { recordId: previousRecordId }),
      };
    }
    if (page < index + 1) return { kind: "added", message: `Page ${page} is there twice.`, recordId };
  }
  if (ends.at(-1)?.integrity.statement.last === true) return undefined;
  const lastId = lines.at(-1)?.id;
  return {
    kind: "cut",
    message: `The end is missing: nothing says that the export ends after ${lastId ?? "its beginning"}.`,
    ...(lastId === undefined ? {} : { recordId: lastId }),
  };
}

/** The first place where the records differ from what the pages list. */
function faultInOrder(listed: readonly Leaf[], lines: readonly ExportLine[]): Fault | undefined {
  for (let place = 0; place < Math.max(listed.length, lines.length); place += 1) {
    const [id, hash] = listed[place] ?? [];
    const line = lines[place];
    if (line?.id !== id || line?.hash !== hash) return nameDifference(listed, lines, place);
  }
  return undefined;
}

function nameDifference(listed: readonly Leaf[], lines: readonly ExportLine[], place: number): Fault {
  const expectedId = listed[place]?.[0];
  const followingId = listed[place + 1]?.[0];
  const found = lines[place];
  if (found !== undefined && found.id === expectedId) {
    return fault("changed", found.id, "is not as it was exported");
  }
  const isKnown = listed.some(([id]) => id === found?.id);
  const isRepeated = lines.filter(({ id }) => id === found?.id).length > 1;
  const isMissing = expectedId !== undefined && !lines.some(({ id }) => id === expectedId);
  if (found !== undefined && !isKnown && isMissing && lines.length === listed.length) {
    return fault("changed", expectedId, `stands there as ${found.id}`);
  }
  if (found !== undefined && (!isKnown || isRepeated))
    return fault("added", found.id, "was not exported there");
  if (isMissing) return fault("removed", expectedId, "is missing");
  const moved = found === undefined || found.id === followingId ? expectedId : found.id;
  return fault("moved", moved ?? "", "is not in its place");
}

function fault(kind: Fault["kind"], recordId: string, what: string): Fault {
  return { kind, recordId, message: `Record ${recordId} ${what}.` };
}

/** Whether each page is what the server signed, and follows the page before. */
function faultInStatements(deps: CheckDeps, ends: readonly ExportPageEnd[]): Fault | undefined {
  let previousHash: string | null = null;
  for (const { integrity, recordId } of ends) {
    const { statement, leaves } = integrity;
    const about = `The statement of page ${statement.page}, at record ${recordId},`;
    if (rootOf(deps.sha256, leaves) !== statement.rootHash || leaves.length !== statement.treeSize) {
      return { kind: "changed", recordId, message: `${about} is not over the records that it lists.` };
    }
    if (!isSigned(deps, statement)) {
      return { kind: "signature", recordId, message: `${about} is not signed by the key that it names.` };
    }
    if (statement.previousPageHash !== previousHash) {
      return {
        kind: "changed",
        recordId,
        message: `${about} belongs to another export than the page before.`,
      };
    }
    previousHash = documentHash(deps.sha256, statement);
  }
  return undefined;
}

/** Whether the records agree with the seals of the time they were received in. */
function faultInSeals(
  deps: CheckExportDeps,
  ends: readonly ExportPageEnd[],
  lines: readonly ExportLine[],
): Fault | undefined {
  for (const { integrity, recordId } of ends) {
    const brought = integrity.seals.map(({ seal }) => documentHash(deps.sha256, seal));
    if (brought.join() === integrity.statement.sealHashes.join()) continue;
    const message = `Page ${integrity.statement.page} does not bring the seals that it names.`;
    return { kind: "changed", message, recordId };
  }
  const hashes = new Map(lines.map(({ id, hash }) => [id, hash]));
  const intervals = ends.flatMap(({ integrity }) => integrity.seals);
  intervals.sort((a, b) => (a.seal.from < b.seal.from ? -1 : 1));
  const range = ends[0]?.integrity.statement;
  for (const [index, interval] of intervals.entries()) {
    const wrong =
      faultInSeal(deps, interval, intervals[index - 1]?.seal) ?? faultUnderSeal(interval, hashes, range);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function faultInSeal(
  deps: CheckExportDeps,
  { seal, leaves }: SealedInterval,
  before: Seal | undefined,
): Fault | undefined {
  if (!isSigned({ checkSignature: deps.checkSealSignature }, seal)) {
    return { kind: "signature", message: `Seal ${seal.id} is not signed by the key that it names.` };
  }
  if (rootOf(deps.sha256, leaves) !== seal.rootHash || leaves.length !== seal.treeSize) {
    return { kind: "changed", message: `Seal ${seal.id} is not over the records that it lists.` };
  }
  const isNext = before !== undefined && before.to === seal.from;
  if (isNext && seal.previousSealHash !== documentHash(deps.sha256, before)) {
    return { kind: "changed", message: `Seal ${seal.id} does not follow seal ${before.id}.` };
  }
  return undefined;
}

function faultUnderSeal(
  { seal, leaves }: SealedInterval,
  hashes: ReadonlyMap<string, string>,
  range: Pick<PageStatement, "from" | "to"> | undefined,
): Fault | undefined {
  const fromMs = tryParseRfc3339(range?.from ?? "");
  const toMs = tryParseRfc3339(range?.to ?? "");
  const asked = { ...(fromMs === undefined ? {} : { fromMs }), ...(toMs === undefined ? {} : { toMs }) };
  for (const [id, hash] of leaves) {
    const exported = hashes.get(id);
    if (exported === undefined && isInRange(id, asked))
      return fault("removed", id, `was sealed by ${seal.id} and is gone`);
    if (exported !== undefined && exported !== hash)
      return fault("changed", id, `is not as ${seal.id} sealed it`);
  }
  return undefined;
}

function rootOf(sha256: Sha256, leaves: readonly Leaf[]): string | undefined {
  const hashes = leaves.map(([, hash]) => fromHex(hash)).filter((hash) => hash !== undefined);
  return hashes.length === leaves.length ? toHex(merkleTree(sha256, hashes).root) : undefined;
}
