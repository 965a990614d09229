import { type EpochMs, toRfc3339 } from "../time.ts";
import { leafHash, merkleTree, toHex } from "./merkle.ts";
import { documentHash, type Seal, type SealDeps, signed } from "./seal.ts";

/** One leaf of a tree by the id of its record and its hash, hex. */
export type Leaf = readonly [recordId: string, hash: string];

/** A seal with the leaves under it, in order. */
export interface SealedInterval {
  readonly seal: Seal;
  readonly leaves: readonly Leaf[];
  /** The public key that it was signed with: one that has retired is published no more. */
  readonly jwk?: Readonly<Record<string, unknown>>;
}

/** What the server signs of one page of an export. */
export interface PageStatement {
  /** Counts from 1. */
  readonly page: number;
  /** Whether the export ends with this page. */
  readonly last: boolean;
  readonly from: string | null;
  readonly to: string | null;
  readonly treeSize: number;
  /** Root of the tree over the page's records, hex. */
  readonly rootHash: string;
  /** The record that the page before ended on. */
  readonly previousRecordId: string | null;
  /** SHA-256, hex, of the statement before as RFC 8785 JSON. */
  readonly previousPageHash: string | null;
  /** The seals that this page brings, each by the hash of its RFC 8785 JSON. */
  readonly sealHashes: readonly string[];
  readonly kid: string;
  readonly signature: string;
}

/** What the last record of a page bears in its member `integrity`. */
export interface PageIntegrity {
  readonly statement: PageStatement;
  readonly leaves: readonly Leaf[];
  readonly seals: readonly SealedInterval[];
  /** The public key, to be compared with the one at `/.well-known/jwks.json`. */
  readonly jwk?: Readonly<Record<string, unknown>>;
}

/** A record as the API shows it. */
export type ShownRecord = Readonly<Record<string, unknown>> & { readonly id: string };

/** Where the page before ended: what the cursor carries on. */
export interface PageEnd {
  readonly page: number;
  readonly recordId: string;
  readonly pageHash: string;
}

/** The time range that an export was asked for: `fromMs <= time < toMs`. */
export interface ExportRange {
  readonly fromMs?: EpochMs;
  readonly toMs?: EpochMs;
}

/** One page of an export, oldest record first. */
export interface ExportPage {
  readonly records: readonly ShownRecord[];
  readonly range: ExportRange;
  readonly previous: PageEnd | undefined;
  readonly last: boolean;
  /** The seals whose first record within the range is on this page. */
  readonly seals: readonly SealedInterval[];
  readonly jwk?: PageIntegrity["jwk"];
}

/**
 * Writes a page of an export as JSON Lines: a record a line, of which the last bears the page's signed
 * statement in `integrity`. Pages put together are one file, which `verifyExport` checks. A further page
 * without any record is one line that bears the statement alone; an export of nothing is empty.
 */
export function writeJsonLines(
  deps: SealDeps,
  page: ExportPage,
): { readonly text: string; readonly end: PageEnd } {
  const integrity = integrityOf(deps, page);
  const end = {
    page: integrity.statement.page,
    recordId: page.records.at(-1)?.id ?? page.previous?.recordId ?? "",
    pageHash: documentHash(deps.sha256, integrity.statement),
  };
  const lastRecord = page.records.at(-1);
  if (lastRecord === undefined && page.previous === undefined) return { text: "", end };
  const lines = [...page.records.slice(0, -1), { ...lastRecord, integrity }];
  return { text: lines.map((line) => `${JSON.stringify(line)}\n`).join(""), end };
}

/**
 * The seals that a page brings: those whose first record in the range, gone or not, is after `afterId` and
 * not after `throughId`, so that each seal is brought once. The last page has no `throughId`.
 */
export function sealsOnPage(
  intervals: readonly SealedInterval[],
  page: { readonly range: ExportRange; readonly afterId?: string; readonly throughId?: string },
): readonly SealedInterval[] {
  const { range, afterId = "", throughId } = page;
  return intervals.filter(({ leaves }) => {
    const [first] = leaves
      .map(([id]) => id)
      .filter((id) => isInRange(id, range))
      .sort();
    return first !== undefined && first > afterId && (throughId === undefined || first <= throughId);
  });
}

const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * Whether a record is in a range, by the time that the first ten characters of its id say (a ULID's 48 bits).
 */
export function isInRange(recordId: string, { fromMs, toMs }: ExportRange): boolean {
  const digits = /^act_([0-9a-hjkmnp-tv-z]{10})[0-9a-hjkmnp-tv-z]{16}$/.exec(recordId)?.[1];
  if (digits === undefined) return true;
  const timeMs = [...digits].reduce((sum, digit) => sum * 32 + CROCKFORD.indexOf(digit), 0);
  return (fromMs === undefined || fromMs <= timeMs) && (toMs === undefined || timeMs < toMs);
}

function integrityOf(deps: SealDeps, page: ExportPage): PageIntegrity {
  const hashes = page.records.map((record) => leafHash(deps.sha256, record));
  const { fromMs, toMs } = page.range;
  const statement = signed(deps.signer, {
    page: (page.previous?.page ?? 0) + 1,
    last: page.last,
    from: fromMs === undefined ? null : toRfc3339(fromMs),
    to: toMs === undefined ? null : toRfc3339(toMs),
    treeSize: hashes.length,
    rootHash: toHex(merkleTree(deps.sha256, hashes).root),
    previousRecordId: page.previous?.recordId ?? null,
    previousPageHash: page.previous?.pageHash ?? null,
    sealHashes: page.seals.map(({ seal }) => documentHash(deps.sha256, seal)),
  });
  return {
    statement,
    leaves: page.records.map(({ id }, index) => [id, toHex(hashes[index] ?? new Uint8Array())]),
    seals: page.seals,
    ...(page.jwk === undefined ? {} : { jwk: page.jwk }),
  };
}
