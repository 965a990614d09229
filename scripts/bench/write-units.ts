import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** A row as DynamoDB has it. */
export type Row = Readonly<Record<string, AttributeValue>>;

/** An index: its key attributes, and whether its entries hold the whole row or keys alone. */
export interface IndexShape {
  readonly hash: string;
  readonly range?: string;
  readonly holds: "ALL" | "KEYS_ONLY";
}

const UNIT_BYTES = 1024;

/** Write units of a row: one for each KiB begun of the larger of what was there and what is. */
export function rowUnits(was: Row | undefined, is: Row | undefined): number {
  return Math.max(1, Math.ceil(Math.max(bytesOf(was), bytesOf(is)) / UNIT_BYTES));
}

/**
 * Write units of a row's entry in an index (Developer Guide, "Global secondary indexes: write capacity"): none where
 * nothing of it changes, one write where it comes, goes or changes, and two where its key does.
 */
export function entryUnits(index: IndexShape, was: Row | undefined, is: Row | undefined): number {
  const [before, after] = [entryOf(index, was), entryOf(index, is)];
  if (before === undefined && after === undefined) return 0;
  if (before === undefined || after === undefined) return rowUnits(before, after);
  if (JSON.stringify(keyOf(index, before)) !== JSON.stringify(keyOf(index, after))) {
    return rowUnits(before, undefined) + rowUnits(undefined, after);
  }
  return JSON.stringify(before) === JSON.stringify(after) ? 0 : rowUnits(before, after);
}

function entryOf(index: IndexShape, row: Row | undefined): Row | undefined {
  if (row === undefined || !keyNames(index).every((name) => row[name] !== undefined)) return undefined;
  const names = index.holds === "ALL" ? Object.keys(row).sort() : [...keyNames(index), "pk", "sk"];
  return Object.fromEntries(names.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])));
}

function keyOf(index: IndexShape, entry: Row) {
  return keyNames(index).map((name) => entry[name]);
}

function keyNames({ hash, range }: IndexShape): readonly string[] {
  return range === undefined ? [hash] : [hash, range];
}

/** The size of a row (Developer Guide, "DynamoDB item sizes and formats"). */
function bytesOf(row: Row | undefined): number {
  if (row === undefined) return 0;
  return Object.entries(row).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);
}

function sizeOf({ S, N, B, BOOL, NULL, SS, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.replace(/[^0-9]/g, "").length / 2) + 1;
  if (B !== undefined) return B.byteLength;
  if (BOOL !== undefined || NULL !== undefined) return 1;
  if (SS !== undefined) return SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (L !== undefined) return 3 + L.reduce((sum, value) => sum + 1 + sizeOf(value), 0);
  return 3 + bytesOf(M) + Object.keys(M ?? {}).length;
}
